import { analystsProse } from '../claims/prose.ts'
import { holdSentence } from '../claims/sentence.ts'
import type { Cited } from '../claims/support.ts'
import type { Entry } from './entry.ts'
import type { Item, Line } from './map/contract.ts'

const isProse = analystsProse()

/**
 * Why a model's sentence says more than its rows do; undefined when it does not. It is checked like the
 * claims of `ask`: every name, number and time must be in the rows, and a statement about a person must rest
 * on a row with that person.
 */
export function unsupported(sentence: string, facts: readonly Cited[]): string | undefined {
  return holdSentence(sentence, facts, isProse).struck
}

/** Facts that a sentence about lines of an item may state. */
export function factsOfLines(
  { key, account, from, to, events }: Pick<Item, 'key' | 'account' | 'from' | 'to' | 'events'>,
  lines: readonly Line[],
): Cited[] {
  return [
    rowsOf('lines', LINE, lines.map(partsOf)),
    rowsOf('item', ['key', 'account', 'from', 'to', 'events'], [[key, account, from, to, events]]),
  ]
}

/** Facts that a sentence about merged findings may state. */
export function factsOfEntries(entries: readonly Entry[], key: string): Cited[] {
  const found = entries.map(({ text, principals, services, regions, accounts, events }) => [
    [text, principals, services, regions, accounts].flat().join(' '),
    events,
  ])
  const lines = entries.flatMap(({ facts }) => facts.flatMap(({ id, rows }) => (id === 'lines' ? rows : [])))
  return [
    rowsOf('lines', LINE, lines),
    rowsOf('findings', ['text', 'events'], found),
    rowsOf('about', ['key'], [[key]]),
  ]
}

const LINE = ['principal', 'account', 'service', 'region', 'time', 'call', 'rest', 'events', 'handle']

/** The parts of `e3 2026-01-08T09:12:00Z x120 s3 GetObject eu-central-1 AccessDenied from …`. */
function partsOf({ text, handle, principal, account, service, region, events }: Line): unknown[] {
  const at = text.indexOf(` ${region}`)
  const head = (at < 0 ? text : text.slice(0, at)).split(' ')
  const rest = at < 0 ? text : text.slice(at + region.length + 2)
  return [principal, account, service, region, head[1] ?? '', head.at(-1) ?? '', rest, events, handle]
}

function rowsOf(id: string, columns: readonly string[], rows: readonly (readonly unknown[])[]): Cited {
  return {
    ...{ id, rows, isCut: false, limits: [], about: '', isOrdered: false },
    columns: columns.map((name) => ({ name, type: name === 'events' ? 'BIGINT' : 'VARCHAR' })),
    chosen: [...rows.keys()],
  }
}
