import { type ReactNode, useContext, useState } from 'react'
import { get } from '../../api/client.ts'
import { number } from '../../time/format.ts'
import { JsonTree, parsed } from '../../ui/json.tsx'
import { plain } from '../../ui/plain.ts'
import type { Passage, TextKey } from './data.ts'
import { Unmasked } from './masks.ts'

/**
 * A clip counts characters and lines instead of measuring height, so a text of a megabyte costs no more than
 * a short one.
 */
const CLIP = 1_500

const CLIP_LINES = 20

export function Text({ passage, of, json = false }: { passage: Passage; of: TextKey; json?: boolean }) {
  const unmask = useContext(Unmasked)
  const [all, setAll] = useState(false)
  const [more, setMore] = useState('')
  const [failed, setFailed] = useState('')
  const whole = passage.text + more
  const clipped = all ? whole : clip(whole)
  const left = passage.length - clipped.length
  const tree =
    json && whole.length < 20_000 && more === '' && passage.text.length >= passage.length
      ? parsed(passage.text)
      : undefined
  const masked = passage.masked.reduce((sum, { count }) => sum + count, 0)
  const further = async () => {
    if (!all) {
      setAll(true)
      if (whole.length >= passage.length) return
    }
    try {
      const next = await get('conversation-text', {
        ...of,
        from: whole.length,
        ...(unmask && { unmask: true }),
      })
      setMore(more + next.text)
      setFailed('')
    } catch (error) {
      setFailed((error as Error).message)
    }
  }
  return (
    <div className="passage">
      {tree !== undefined && tree !== null && typeof tree === 'object' ? (
        <JsonTree value={tree} />
      ) : (
        <Flagged text={clipped} flags={passage.flags} mono={json} />
      )}
      {masked > 0 && (
        <small>
          {passage.masked
            .map(({ kind, count }) => `${number(count)} ${kind.replaceAll('_', ' ').replaceAll('-', ' ')}`)
            .join(', ')}{' '}
          masked
        </small>
      )}
      {left > 0 && !(tree && typeof tree === 'object') && (
        <button type="button" className="btn quiet more" onClick={further}>
          first {number(clipped.length)} of {number(passage.length)} characters · show{' '}
          {all ? 'more' : left <= 65_536 ? 'all' : 'more'}
        </button>
      )}
      {failed && <small className="red">{failed}</small>}
    </div>
  )
}

function clip(text: string): string {
  let end = Math.min(text.length, CLIP)
  let at = -1
  for (let line = 0; line < CLIP_LINES; line++) {
    at = text.indexOf('\n', at + 1)
    if (at < 0 || at > end) return text.slice(0, end)
  }
  end = Math.min(end, at)
  return text.slice(0, end)
}

/** A text with flagged passages marked. Nothing in it becomes a link, an image or Markdown. */
function Flagged({ text, flags, mono }: { text: string; flags: Passage['flags']; mono: boolean }) {
  const parts: ReactNode[] = []
  let from = 0
  for (const flag of flags.toSorted((one, other) => one.from - other.from)) {
    if (flag.from < from || flag.from >= text.length) continue
    parts.push(plain(text.slice(from, flag.from)))
    parts.push(
      <mark key={flag.from} title={`${flag.kind.replaceAll('_', ' ')}, ${flag.score.toFixed(2)}`}>
        {plain(text.slice(flag.from, flag.to))}
      </mark>,
    )
    from = flag.to
  }
  parts.push(plain(text.slice(from)))
  return <p className={mono ? 'words mono' : 'words'}>{parts}</p>
}
