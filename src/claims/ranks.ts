import { type About, isPartial, ofLogs } from './numbers.ts'
import { type Cited, timeIn } from './support.ts'

/** Words of rank, by what has to be the most or the least: a number, or a time. */
const RANKS: readonly { form: RegExp; sign: 1 | -1; of: typeof numberAt }[] = [
  {
    form: /\b(?:most|highest|largest|biggest|greatest|longest|maximum|busiest|loudest|heaviest|top|noisiest)\b/i,
    sign: 1,
    of: numberAt,
  },
  { form: /\b(?:least|fewest|lowest|smallest|shortest|minimum|rarest|quietest)\b/i, sign: -1, of: numberAt },
  {
    form: /\b(?:latest|newest|most recent|last (?:call|event|one|session|request|attempt|to))\b/i,
    sign: 1,
    of: timeIn,
  },
  {
    form: /\b(?:earliest|oldest|first (?:call|event|one|session|request|attempt|to))\b/i,
    sign: -1,
    of: timeIn,
  },
]
const ALL = /\b(?:all|every|each|always|everyone|everybody|everything|only|entirely|solely)\b/i
const BOTH = /\bboth\b/i
const ONLY_ONE = /\b(?:only|just|exactly|merely) one of\b/i
/** Phrases that only sound so. */
const NO_RANK =
  /\bat (?:least|most|all)\b|\bin all\b|\bmost (?:recent|likely)\b(?= \w+ly)|\ball (?:times|together)\b|\bafter all\b|\bonly (?:one|once|when|if)\b|\bwith (?:all|each) other\b|\beach\b(?=\s*(?:[.,;:!?)]|$))/gi

/**
 * Why a word of rank, or of all, is not shown by the rows; undefined when it is.
 *
 * @param namesAny whether it says of whom or what it is so
 */
export function unshownRank(text: string, about: readonly About[], namesAny: boolean): string | undefined {
  const plain = text.replace(NO_RANK, ' ')
  const [all] = ALL.exec(plain) ?? []
  const isAll = ({ cited, all: every }: About) => !isPartial(cited) && every.length === cited.rows.length
  if (all !== undefined && namesAny && !about.some(isAll))
    return `it says ${JSON.stringify(all)}, and that is not so of all rows of what it cites`
  if (BOTH.test(plain) && namesAny && !about.some(({ rows }) => rows.length === 2))
    return 'it says "both", and not two of the rows that it cites say it'
  if (ONLY_ONE.test(text) && !about.some(({ cited, rows }) => rows.length === 1 && cited.rows.length > 1))
    return 'it says "only one of", and the rows do not show that'
  for (const { form, sign, of } of RANKS) {
    const [word] = form.exec(plain) ?? []
    if (word === undefined) continue
    const isMajority = word.toLowerCase() === 'most'
    if (!about.some((one) => isExtreme(one, sign, of) || (isMajority && isMostOf(one))))
      return `it says ${JSON.stringify(word)}, and the rows do not show that`
  }
  return undefined
}

/** Whether a row that is meant has the most, or the least, of all rows in a column. */
function isExtreme({ cited, rows }: About, sign: 1 | -1, of: typeof numberAt): boolean {
  if (isPartial(cited) && !(cited.origins?.isOrdered ?? cited.isOrdered)) return false
  return [...cited.columns.keys()].some((column) => {
    const known = [...cited.rows.keys()].flatMap((row) => of(cited, row, column) ?? [])
    if (known.length === 0) return false
    const best = known.reduce((so, one) => ((one - so) * sign > 0 ? one : so))
    return rows.some((row) => of(cited, row, column) === best)
  })
}

/** Of rows that are no counts of anything: whether more than half are meant. */
function isMostOf({ cited, all }: About): boolean {
  const isCounted = [...cited.rows.keys()].some((row) =>
    [...cited.columns.keys()].some((column) => numberAt(cited, row, column) !== undefined),
  )
  return !isCounted && !isPartial(cited) && all.length * 2 > cited.rows.length
}

function numberAt(cited: Cited, row: number, column: number): number | undefined {
  return ofLogs(cited, row, column)
}
