import { Check, LoaderCircle, X } from 'lucide-react'
import { plural } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { Scrolled } from '../../ui/scrolled.tsx'
import type { Step } from './asking.ts'

/** The steps towards an answer as they happen; folded once the answer is complete. */
export function Steps({
  steps,
  busy,
  done,
  failed,
}: {
  steps: readonly Step[]
  busy: boolean
  done: boolean
  failed: boolean
}) {
  const list = (
    <ol className="steps" aria-busy={busy}>
      {(steps.length === 0 && busy ? [{ text: 'searching for a question' } as Step] : steps).map(
        (step, at) => {
          const isLast = at === Math.max(0, steps.length - 1)
          const look = !isLast ? undefined : busy ? 'now' : failed ? 'failed' : undefined
          const Icon = look === 'now' ? LoaderCircle : look === 'failed' ? X : Check
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other name
            <li key={at} className={look}>
              <Icon size={13} aria-hidden="true" />
              <span>{plain(step.text)}</span>
              {step.sql && <Scrolled label="SQL" text={plain(step.sql.trim())} />}
            </li>
          )
        },
      )}
    </ol>
  )
  return (
    <>
      <span className="hidden" role="status">
        {busy ? steps.at(-1)?.text : done ? 'The answer is complete.' : ''}
      </span>
      {busy || !done ? (
        list
      ) : (
        <details className="worked">
          <summary>{plural(steps.length, 'step')}</summary>
          {list}
        </details>
      )}
    </>
  )
}
