import type { Origins } from '../../claims/contract.ts'
import { factsOf } from '../../claims/facts.ts'
import { UNREAD } from '../../claims/origins.ts'
import type { IsProse } from '../../claims/prose.ts'
import { holdSentence } from '../../claims/sentence.ts'
import type { Cited } from '../../claims/support.ts'
import type { Citation, Claim, Result } from '../contract.ts'
import { ForgedHandle, quotedValue, type Seals } from '../seal.ts'

/** A claim as the model makes it. */
export interface Claimed {
  text: string
  evidence: readonly { result: string; rows?: readonly number[] | undefined }[]
}

/** What claims are compared with. */
export interface Grounds {
  results: readonly Result[]
  /** Of each result of the model's own SQL, by its id. */
  origins: ReadonlyMap<string, Origins>
  seals: Seals
  isProse: IsProse
  /** What loglake says of its question or view. */
  about(result: Result): string
}

/** Characters of a claim. */
const MAX_TEXT = 2000

/**
 * Checks a claim against the cells that it cites, without a model. A claim that fails is struck out, with the
 * reason.
 */
export function checkClaim(claimed: Claimed, { results, origins, seals, isProse, about }: Grounds): Claim {
  const template = claimed.text.slice(0, MAX_TEXT)
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
  if (claimed.text.length > MAX_TEXT) return struck(`it is longer than ${MAX_TEXT} characters`)
  const { forbidden } = factsOf(template, isProse)
  if (forbidden !== undefined) return struck(forbidden)
  if (evidence.length === 0) return struck('it cites no rows')
  const chosen = new Map<Result, Set<number>>()
  for (const { result: id, rows } of evidence) {
    const result = results.find((one) => one.id === id)
    if (!result) return struck(`there is no result ${JSON.stringify(id.slice(0, 20))}`)
    const missing = rows.find((row) => !Number.isInteger(row) || row < 1 || row > result.rows.length)
    if (missing !== undefined) return struck(`the result ${id} has no row ${missing}`)
    const some = chosen.get(result) ?? new Set()
    for (const row of rows.length === 0 ? result.rows.keys() : rows.map((one) => one - 1)) some.add(row)
    chosen.set(result, some)
  }
  const cited = [...chosen].map(([result, rows]): Cited => {
    const { id, kind, columns, parameters, since, until, more } = result
    const limits = [...Object.values(parameters), since, until].filter((value) => value !== null)
    return {
      ...{ id, columns, rows: result.rows, isCut: more, limits, about: about(result) },
      chosen: [...rows].sort((a, b) => a - b),
      origins: kind === 'sql' ? (origins.get(id) ?? UNREAD) : undefined,
      isOrdered: kind === 'named' || kind === 'values',
    }
  })
  const { struck: why, from } = holdSentence(template, cited, isProse, (handle) => seals.open(handle)?.text)
  if (why !== undefined) return struck(why)
  const isRead = cited.some(({ id }) => results.find((one) => one.id === id)?.kind === 'reading')
  const how = from.length > 0 ? from.join('; ') : 'its values are in the cited rows'
  return {
    ...{ text, template, evidence },
    verdict: isRead ? 'read' : 'holds',
    why: isRead ? `read by the model; ${how}` : how,
  }
}
