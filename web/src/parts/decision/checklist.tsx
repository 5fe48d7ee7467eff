import type { Output } from '../../api/client.ts'
import { number, plural } from '../../time/format.ts'

type Review = Output<'review'>

/** What the reviewer has looked at on this page; the server has a record of earlier visits. */
export interface Looked {
  readonly lines: number
  readonly lastLine: number
  /** Undefined while they are not loaded. */
  readonly calls: number | undefined
  readonly callsShown: boolean
  readonly findings: number
  readonly findingsOpened: number
}

export function Checklist({ looked, review: { checklist } }: { looked: Looked; review: Review }) {
  const lines: readonly (readonly [boolean, string])[] = [
    ...(looked.lines > 0
      ? [
          looked.lastLine >= looked.lines - 1
            ? ([true, 'Terminal read to the end'] as const)
            : ([
                false,
                looked.lastLine < 0
                  ? 'Terminal not read yet'
                  : `Terminal read to line ${number(looked.lastLine + 1)} of ${number(looked.lines)}`,
              ] as const),
        ]
      : []),
    [
      looked.callsShown,
      looked.calls === undefined
        ? 'Calls not loaded'
        : looked.calls === 0
          ? 'No other calls'
          : `${looked.callsShown ? 'All ' : ''}${plural(looked.calls, 'call')} ${looked.callsShown ? 'shown' : 'not shown yet'}`,
    ],
    ...(looked.findings > 0
      ? [
          [
            looked.findingsOpened >= looked.findings,
            `${number(Math.max(looked.findingsOpened, checklist.findings_opened))} of ${plural(looked.findings, 'finding')} opened`,
          ] as const,
        ]
      : []),
  ]
  return (
    <ul className="checklist" aria-label="What you have looked at">
      {lines.map(([done, text]) => (
        <li key={text} className={done ? 'done' : ''}>
          <span aria-hidden="true">{done ? '✓' : '○'}</span>
          {text}
        </li>
      ))}
    </ul>
  )
}
