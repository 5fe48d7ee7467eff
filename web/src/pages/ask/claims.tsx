import { number, plural } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import type { Answer, Claim } from './asking.ts'

export interface Cited {
  result: string
  rows: readonly number[]
}

/**
 * The sentences of an answer, each with the rows that prove it. A sentence that they do not prove is struck
 * out, still readable.
 */
export function Claims({
  answer,
  cited,
  onCite,
}: {
  answer: Answer
  cited: Cited | undefined
  onCite: (cited: Cited) => void
}) {
  return (
    <ol className="claims">
      {answer.claims.map((claim, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no other name
        <li key={index} className={claim.verdict === 'struck out' ? 'struck' : undefined}>
          <Sentence claim={claim} />{' '}
          {claim.evidence.map(({ result, rows }) => (
            <button
              key={`${result}:${rows.join()}`}
              type="button"
              className="cite"
              aria-pressed={cited?.result === result && cited.rows.join() === rows.join()}
              title={`Show ${placeOf(result, rows)}`}
              onClick={() => onCite({ result, rows })}
            >
              {placeOf(result, rows)}
            </button>
          ))}
          {claim.verdict !== 'holds' && (
            <small className="why">
              <span className={`tag ${claim.verdict === 'read' ? 'violet' : 'red'}`}>
                {claim.verdict === 'read' ? 'read by a model' : 'struck out'}
              </span>{' '}
              {plain(claim.why)}
            </small>
          )}
        </li>
      ))}
    </ol>
  )
}

function Sentence({ claim }: { claim: Claim }) {
  const text = plain(claim.text)
  return claim.verdict === 'struck out' ? <del>{text}</del> : <span title={plain(claim.why)}>{text}</span>
}

/** `r1, rows 2–4` */
function placeOf(result: string, rows: readonly number[]): string {
  if (rows.length === 0) return result
  const [first, last] = [Math.min(...rows), Math.max(...rows)]
  if (rows.length === 1) return `${result}, row ${number(first)}`
  return last - first + 1 === rows.length
    ? `${result}, rows ${number(first)}–${number(last)}`
    : `${result}, ${plural(rows.length, 'row')}`
}
