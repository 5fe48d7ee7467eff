import { members, OPEN_OBJECT, textOf } from '../json/bytes.ts'
import { safeJson, wellFormed, wellFormedJson } from '../json/halves.ts'
import { plainTime } from '../json/time.ts'
import type { JsonObject } from '../json/values.ts'
import { isPlainName, wordOf } from '../json/words.ts'
import type { EventBridgeEvent, Wrapper } from './contract.ts'
import { deliveryOf } from './delivery.ts'

/**
 * An EventBridge event whose `detail` is a record that AWS also delivers on its own: a CloudTrail event, a
 * GuardDuty finding. Other events are records themselves.
 */
export const eventbridge: Wrapper = {
  name: 'eventbridge',
  doc: 'EventBridge event: `{"detail-type":"AWS API Call via CloudTrail","detail":{…}}`.',
  open({ bytes, record, context }) {
    const event = record && eventOf(record)
    if (!event || !isWrapper(event)) return undefined
    const [detail, another] = members(bytes, 0)?.filter(({ key }) => key === 'detail') ?? []
    if (!detail || another || bytes[detail.start] !== OPEN_OBJECT) return undefined
    // Cut from the bytes of the event: parsing and writing the detail again could change a number.
    return {
      kind: 'records',
      inner: [deliveryOf(bytes.subarray(detail.start, detail.end), { ...context, eventbridge: event })],
    }
  },
}

function isWrapper({ detailType }: EventBridgeEvent): boolean {
  return / via CloudTrail$/.test(detailType) || detailType === 'GuardDuty Finding'
}

/** The envelope of an EventBridge event; undefined when the record is not one. */
function eventOf(record: JsonObject): EventBridgeEvent | undefined {
  const { id, source, account, time, region, resources } = record
  const detailType = record['detail-type']
  if (typeof detailType !== 'string' || typeof record.detail !== 'object') return undefined
  return {
    detailType,
    // One of AWS's own samples has the field twice, and the second is a list.
    source: wordOf(Array.isArray(source) ? source[0] : source),
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof account === 'string' ? { account } : {}),
    ...(typeof time === 'string' ? { time } : {}),
    ...(typeof region === 'string' ? { region } : {}),
    ...(Array.isArray(resources) ? { resources: resources.map(wordOf) } : {}),
  }
}

/**
 * The contents of an event beyond its envelope: the text of `detail` as delivered, and other members as JSON
 * text: unknown ones, or known ones of another form. A string says why readers would disagree on the event.
 */
export function bodyOfEvent(bytes: Uint8Array): { detail?: string; unmapped?: string } | string {
  const seen = new Set<string>()
  const others: string[] = []
  let detail: string | undefined
  for (const { key, start, end } of members(bytes, 0) ?? []) {
    const isRepeated = seen.has(key)
    seen.add(key)
    // AWS's own sample of a model package has a second source.
    if (isRepeated && key !== 'source')
      return `the field ${isPlainName(key) ? key : 'with no plain name'} appears twice`
    const text = textOf(bytes, start, end)
    if (key === 'detail') detail = text
    if (isRepeated || !isAsEver(key, text))
      others.push(`${JSON.stringify(wellFormed(key))}:${safeJson(text)}`)
  }
  return {
    ...(detail === undefined ? {} : { detail }),
    ...(others.length > 0 ? { unmapped: `{${others.join(',')}}` } : {}),
  }
}

/** Whether the columns of an event can hold a member, given as JSON text, unchanged. */
function isAsEver(key: string, text: string): boolean {
  if (wellFormedJson(text) !== text) return false
  if (key === 'resources' || key === 'detail') return true
  if (key === 'time') return text === `"${plainTime(text.slice(1, -1))}"`
  return TEXTS.has(key) && text.startsWith('"')
}

const TEXTS = new Set(['version', 'id', 'detail-type', 'source', 'account', 'region'])
