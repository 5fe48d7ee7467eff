import { createHash } from 'node:crypto'
import { tokensOf } from '../../model/tokens.ts'
import { withNames } from '../../scan/named.ts'
import type { Item, Line } from './contract.ts'
import type { Group } from './groups.ts'
import { SYSTEM, userText } from './prompt.ts'

export type { Item, Line }

export type By = 'principal' | 'service' | 'region'

export interface Packing {
  by: By
  /** Most input tokens of a call. */
  tokens: number
}

/**
 * Packs groups into items in the order of time, with one principal each. Only an item with a single line may
 * exceed the budget; lines are short.
 *
 * @param run a part of the ids
 */
export function itemsOf(run: string, groups: readonly Group[], { by, tokens }: Packing): Item[] {
  const kept = new Map<string, Group[]>()
  for (const group of groups) {
    const key = JSON.stringify([group.account, group[by]])
    const found = kept.get(key)
    if (found) found.push(group)
    else kept.set(key, [group])
  }
  const budget = tokens - tokensOf(SYSTEM, 'prose')
  return [...kept.values()].flatMap((those) => packed(run, those, by, budget))
}

function packed(run: string, groups: readonly Group[], by: By, budget: number): Item[] {
  const sorted = [...groups].sort((a, b) =>
    a.first_time < b.first_time ? -1 : a.first_time > b.first_time ? 1 : 0,
  )
  const items: Item[] = []
  let some: Group[] = []
  let used = HEAD_TOKENS
  const close = () => {
    if (some.length > 0) items.push(itemOf(run, some, by, items.length))
    some = []
    used = HEAD_TOKENS
  }
  for (const group of sorted) {
    const size = tokensOf(JSON.stringify(lineText(group, by, 'e0000'))) + LINE_TOKENS
    if (used + size > budget) close()
    some.push(group)
    used += size
  }
  close()
  return items
}

/** Tokens around the lines of an item, and around each line. */
const HEAD_TOKENS = 150
const LINE_TOKENS = 4

function itemOf(run: string, groups: readonly Group[], by: By, part: number): Item {
  const [first] = groups as [Group]
  const lines = groups.map((group, at): Line => {
    const handle = `e${at + 1}`
    const { events, ids, service, region, principal, account } = group
    return { handle, text: lineText(group, by, handle), events, ids, service, region, principal, account }
  })
  const item = {
    id: idOf([run, first.account, first[by], String(part)]),
    key: first[by],
    account: first.account,
    from: first.first_time,
    to: groups.reduce((last, { last_time }) => (last_time > last ? last_time : last), first.last_time),
    events: groups.reduce((sum, { events }) => sum + events, 0),
    lines,
  }
  return { ...item, tokens: tokensOf(SYSTEM, 'prose') + tokensOf(userText(run, item)) }
}

/** A record's id: letters and digits, as Bedrock's batches require. */
function idOf(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)
}

/**
 * `e3 2026-01-08T09:12:00Z-09:40:11Z x120 s3 GetObject eu-central-1 AccessDenied from 10.0.0.1 new
 * {"bucketName":…}`. Outsiders may have written any of it, so it is fenced in a prompt.
 */
function lineText(group: Group, by: By, handle: string): string {
  const { first_time, last_time, events, service, call, region, errorcode, addresses, principal } = group
  const until =
    last_time === first_time
      ? ''
      : `-${last_time.slice(0, 10) === first_time.slice(0, 10) ? last_time.slice(11) : last_time}`
  const marks = [group.is_new ? 'new' : '', group.readonly ? '' : 'write'].filter(Boolean).join(' ')
  const parts = [
    handle,
    `${first_time}${until}`,
    events === 1 ? '' : `x${events}`,
    by === 'principal' ? '' : `by ${short(principal, 120)}`,
    service.replace(/\.amazonaws\.com$/, ''),
    call,
    region,
    errorcode ?? '',
    addresses && addresses.length > 0
      ? `from ${addresses
          .slice(0, 3)
          .map((one) => short(one, 60))
          .join(' ')}`
      : '',
    marks,
  ]
  const whole = group.is_rare
    ? [
        group.agent === null ? '' : `agent ${short(group.agent, 120)}`,
        group.errormessage === null ? '' : `said ${short(group.errormessage, 300)}`,
        group.parameters === null ? '' : short(group.parameters, 600),
      ]
    : []
  return withNames([...parts, ...whole].filter(Boolean).join(' '), ['secret'])
}

function short(text: string, max: number): string {
  const characters = Array.from(text.slice(0, max * 2))
  return characters.length > max ? `${characters.slice(0, max).join('')}…` : text
}
