import { createHash } from 'node:crypto'
import { withNames } from '../scan/named.ts'
import type { Candidate, Matched, Rule } from './contract.ts'
import { MAX_EVIDENCE } from './contract.ts'

/** A row of `finding`, as JSON that DuckDB casts: all columns except those that the statement computes. */
export interface FindingRow {
  id: string
  time: string
  rule: string
  rule_version: string
  severity: string
  title: string
  explanation: string
  actor: string | null
  account: string | null
  region: string | null
  resource: string | null
  evidence_table: string
  evidence: string
  evidence_rows: number
  matched: string
  attack: string
  atlas: string
  owasp: string
  author: string | null
  licence: string | null
  detector: string
  group_id: string
  /** Ids that it would have if it had been found with fewer rows. */
  also: readonly string[]
}

/** The kinds of value in a column, by table and column: `holds` of the log types. */
export type HoldsOf = (table: string, column: string) => readonly string[]

/** Values of columns of these kinds are shown as their kind only. */
const HIDDEN = ['secret', 'person']
/** Names of fields that hold a secret, at any depth. */
const SECRET_FIELD =
  /(?:password|passwd|passphrase|secret(?:string|binary|access.?key)|private.?key|(?:session|auth|access|api).?token|authorization|credentials?)$/i
const LONGEST_VALUE = 200
const MAX_VALUES = 20

/** @param detector the detector's name */
export function findingOf(candidate: Candidate, detector: string, holds: HoldsOf): FindingRow {
  const { rule, time, table, rows, count, key, also = [], actor, account, region, resource } = candidate
  const matched = candidate.matched.slice(0, MAX_VALUES).map((one) => maskedMatch(one, table, holds))
  return {
    id: findingId(rule, key),
    time,
    rule: rule.id,
    rule_version: rule.version,
    severity: rule.level,
    title: rule.title,
    explanation: explanation(candidate, matched),
    actor: actor ?? null,
    account: account ?? null,
    region: region ?? null,
    resource: resource ?? null,
    evidence_table: table,
    evidence: JSON.stringify(rows.slice(0, MAX_EVIDENCE)),
    evidence_rows: count,
    matched: JSON.stringify(matched),
    attack: JSON.stringify(rule.attack),
    atlas: JSON.stringify(rule.atlas),
    owasp: JSON.stringify(rule.owasp),
    author: rule.author ?? null,
    licence: rule.licence ?? null,
    detector,
    group_id: digest([rule.id, actor ?? '', account ?? '', resource ?? '', time.slice(0, 10)]),
    also: also.map((one) => findingId(rule, one)),
  }
}

/** 128 bits of SHA-256 in hex: the same version of a rule with the same rows gives the same id. */
export function findingId({ id, version }: Pick<Rule, 'id' | 'version'>, key: string): string {
  return digest([id, version, key])
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

/** What was found, as sentences: they contain shortened log text, which is escaped where it is shown. */
function explanation({ rule, time, table, count, ...who }: Candidate, matched: readonly Matched[]): string {
  const { actor, account, region, resource } = who
  const place = [account && `account ${account}`, region].filter(Boolean).join(', ')
  const about = resource === undefined ? '' : ` on ${short(resource)}`
  const rows = count === 1 ? `one row of ${table}` : `${count} rows`
  const values = matched
    .filter(({ field, value }) => field !== '' || value !== undefined)
    .slice(0, 5)
    .map(({ field, value }) =>
      value === undefined ? `${field} is not there` : `${field === '' ? 'text' : field} = ${short(value)}`,
    )
  return [
    `${actor === undefined ? 'Somebody' : short(actor)}${about}${place === '' ? '' : ` in ${place}`} at ${time.slice(0, 19)}Z.`,
    sentenceOf(oneLine(rule.description ?? rule.title)),
    values.length === 0 ? `Proof: ${rows}.` : `Proof: ${rows}; ${values.join('; ')}.`,
  ].join(' ')
}

function maskedMatch({ field, column, value }: Matched, table: string, holds: HoldsOf): Matched {
  const rest = { field, ...(column === undefined ? {} : { column }) }
  if (value === undefined) return rest
  const held = column === undefined ? [] : holds(table, column)
  const hidden = HIDDEN.find((one) => held.includes(one))
  if (hidden !== undefined) return { ...rest, value: `[${hidden}]` }
  if (SECRET_FIELD.test(field)) return { ...rest, value: '[secret]' }
  return { ...rest, value: short(withNames(value, ['secret', 'personal'])) }
}

function short(text: string): string {
  const characters = Array.from(text.slice(0, LONGEST_VALUE * 2))
  return characters.length > LONGEST_VALUE ? `${characters.slice(0, LONGEST_VALUE).join('')}…` : text
}

function sentenceOf(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
