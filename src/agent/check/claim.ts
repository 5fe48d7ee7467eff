import type { Citation, Claim, Result } from '../contract.ts'
import { ForgedHandle, quotedValue, type Seals } from '../seal.ts'
import { factsOf } from './facts.ts'
import { computesByItself, conditionsOf, literalsOf } from './literals.ts'
import { isSupported, supportOf } from './support.ts'

/** A claim as the model makes it. */
export interface Claimed {
  text: string
  evidence: readonly { result: string; rows?: readonly number[] | undefined }[]
}

/** Rows that one claim may cite of a result. */
const MOST_TEXT = 2000

/**
 * Checks a claim against the cells that it cites, without a model: every number is in one of them, or is their number, sum, mean, least or
 * greatest; every name, time and handle is in one of them. One that fails is struck out, with why.
 */
export function checkClaim(
  claimed: Claimed,
  results: readonly Result[],
  seals: Seals,
  isProse: (word: string) => boolean,
): Claim {
  const template = claimed.text.slice(0, MOST_TEXT)
  const evidence: Citation[] = claimed.evidence.map(({ result, rows }) => ({
    result,
    rows: [...(rows ?? [])],
  }))
  let text: string
  try {
    text = seals.fill(template, quotedValue)
  } catch (thrown) {
    if (!(thrown instanceof ForgedHandle)) throw thrown
    const shown = template.replace(/[⟦⟧]/g, '')
    return { text: shown, template: shown, evidence, verdict: 'struck out', why: thrown.message }
  }
  const struck = (why: string): Claim => ({ text, template, evidence, verdict: 'struck out', why })
  if (claimed.text.length > MOST_TEXT) return struck(`it is longer than ${MOST_TEXT} characters`)
  const facts = factsOf(template, isProse)
  if (facts.forbidden !== undefined) return struck(facts.forbidden)
  if (evidence.length === 0) return struck('it cites no rows')
  const cited: { result: Result; rows: readonly (readonly unknown[])[] }[] = []
  for (const { result: id, rows } of evidence) {
    const result = results.find((one) => one.id === id)
    if (!result) return struck(`there is no result ${JSON.stringify(id.slice(0, 20))}`)
    const missing = rows.find((row) => !Number.isInteger(row) || row < 1 || row > result.rows.length)
    if (missing !== undefined) return struck(`the result ${id} has no row ${missing}`)
    cited.push({
      result,
      rows: rows.length === 0 ? result.rows : rows.map((row) => result.rows[row - 1] ?? []),
    })
  }
  const support = supportOf(cited)
  for (const handle of facts.handles) {
    const sealed = seals.open(handle)
    if (!sealed || !support.texts.has(sealed.text))
      return struck(`${handle} is in none of the rows that it cites`)
  }
  const made = new Set(cited.flatMap(({ result }) => (result.kind === 'sql' ? literalsOf(result.sql) : [])))
  const limits = supportOfTexts(cited.map(({ result }) => result))
  const from: string[] = []
  for (const { text: shown, value } of facts.numbers) {
    if (!Number.isFinite(value)) return struck(`${shown} is no number`)
    const found = isSupported(value, shown, support)
    if (found === undefined)
      return struck(`${shown} is not in the rows that it cites, nor their number, sum, least or greatest`)
    if (
      found === 'a cell' &&
      cited.some(({ result }) => result.kind === 'sql' && computesByItself(result.sql))
    )
      return struck(`${shown} comes of a statement that computes with numbers of its own`)
    if (found === 'a cell' && made.has(String(value)))
      return struck(`${shown} is written in the statement itself: it comes from no log`)
    from.push(`${shown}: ${found}`)
  }
  for (const time of facts.times) {
    if (made.has(time)) return struck(`${time} is written in the statement itself: it comes from no log`)
    if (!support.hasTime(time) && !limits.hasTime(time))
      return struck(`${time} is in none of the rows that it cites`)
    from.push(`${time}: ${support.hasTime(time) ? 'a cell' : 'a condition'}`)
  }
  for (const name of facts.names) {
    const shown = JSON.stringify(name.slice(0, 60))
    const isCell = support.hasName(name)
    if (!isCell && !limits.hasName(name)) return struck(`${shown} is in none of the rows that it cites`)
    if (isCell && made.has(name) && !support.isWhole(name, made))
      return struck(`${shown} is written in the statement itself: it comes from no log`)
    from.push(`${name.slice(0, 40)}: ${isCell ? 'a cell' : 'a condition'}`)
  }
  const isEmpty = cited.every(({ rows }) => rows.length === 0)
  if (facts.nothing && !isEmpty && !support.hasZero)
    return struck('it says that there is nothing, and the rows that it cites are not empty')
  if (isEmpty && !facts.nothing && facts.numbers.length === 0)
    return struck('what it cites is empty, and it does not say so')
  const isRead = cited.some(({ result }) => result.kind === 'reading')
  const why =
    from.length > 0 ? from.join('; ') : isEmpty ? 'the result is empty' : 'its values are in the cited rows'
  return {
    text,
    template,
    evidence,
    verdict: isRead ? 'read' : 'holds',
    why: isRead ? `read by the model; ${why}` : why,
  }
}

/** What the cited results are limited to: parameters, spans of time, conditions. */
function supportOfTexts(results: readonly Result[]) {
  const texts = results.flatMap(({ kind, sql, parameters, since, until }) => [
    ...Object.values(parameters).filter((value): value is string => value !== null),
    ...[since, until].filter((value) => value !== null),
    ...(kind === 'sql' ? conditionsOf(sql) : []),
  ])
  const result = { more: false, columns: [{ name: 'condition', type: 'VARCHAR' }] } as Result
  return supportOf([{ result, rows: texts.map((text) => [text]) }])
}
