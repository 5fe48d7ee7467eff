import { isUtf8 } from 'node:buffer'
import { type JsonObject, type JsonValue, textOf } from '../../json/values.ts'

/** What became of a side's body; `absent` when the capture does not have that side. */
export type BodyState = 'json' | 'jsonlines' | 'sse' | 'csv' | 'text' | 'binary' | 'empty' | 'absent'

export interface Body {
  state: BodyState
  /** Out of base64 when it was in it; undefined for binary, absent. */
  text?: string
  /** Whether that is the data as it was delivered, with nothing taken off. */
  isDelivered?: boolean
  /** The JSON values in it: one for `json`, each of a stream's for `jsonlines` and `sse`. */
  values?: JsonValue[]
}

/** Reads one side of a capture: `{"observedContentType":…,"mode":…,"data":…,"encoding":…}`. */
export function bodyOf(side: JsonObject | undefined): Body {
  const data = textOf(side?.data)
  if (side === undefined || data === undefined) return { state: 'absent' }
  const encoding = textOf(side.encoding) ?? 'BASE64'
  const text = encoding === 'BASE64' ? decoded(data) : data
  if (text === undefined) return { state: 'binary' }
  const mediaType = (textOf(side.observedContentType) ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
  const body = bodyOfText(text, encoding === 'CSV' || mediaType === 'text/csv' ? 'text/csv' : mediaType)
  body.isDelivered = text === data
  return body
}

/** A body by what it holds; what the client called it decides only between CSV and a single JSON value. */
export function bodyOfText(text: string, mediaType = ''): Body {
  const trimmed = text.trim()
  if (trimmed === '') return { state: 'empty', text }
  const looksNested = trimmed.startsWith('{') || trimmed.startsWith('[')
  if (mediaType === 'text/csv' && !looksNested) return { state: 'csv', text }
  const value = parsed(trimmed)
  if (value !== undefined) return { state: 'json', text, values: [value] }
  const streamed = SSE.test(trimmed) ? eventsOf(trimmed) : []
  if (streamed.length > 0) return { state: 'sse', text, values: streamed }
  const lines = looksNested ? linesOf(trimmed) : []
  if (lines.length > 0) return { state: 'jsonlines', text, values: lines }
  return { state: mediaType === '' && NUMBERS.test(trimmed) ? 'csv' : 'text', text }
}

/** Text out of base64; undefined for what is no text. Data that only claims to be base64 is text already. */
function decoded(data: string): string | undefined {
  if (!BASE64.test(data)) return data
  const bytes = Buffer.from(data, 'base64')
  const text = isUtf8(bytes) ? bytes.toString() : undefined
  return text === undefined || CONTROL.test(text) ? undefined : text
}

const BASE64 = /^[A-Za-z0-9+/\s]*={0,2}\s*$/

// biome-ignore lint/suspicious/noControlCharactersInRegex: a control character is what tells text from data
const CONTROL = /[\x00-\x08\x0e-\x1a\x1c-\x1f]/

const SSE = /^(?:(?:event|data|id|retry):|:)/m

/** Rows of numbers, at least two columns: CSV even when nobody says so. */
const NUMBERS = /^[-+\d.eE]+(?:,[-+\d.eE]*)+(?:\r?\n[-+\d.eE]*(?:,[-+\d.eE]*)+)*$/

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/**
 * The values of server-sent events. `data:` may or may not be followed by a space, and an event's data may be on
 * several lines; some containers put events on lines of their own without an empty one between.
 */
function eventsOf(text: string): JsonValue[] {
  const values: JsonValue[] = []
  let open = ''
  for (const line of text.split(/\r\n|[\r\n]/)) {
    if (line === '') open = ''
    if (!line.startsWith('data:')) continue
    const data = line.slice(line[5] === ' ' ? 6 : 5)
    const alone = parsed(data)
    const value = alone ?? (open === '' ? undefined : parsed(`${open}\n${data}`))
    if (value === undefined) open = open === '' ? data : `${open}\n${data}`
    else {
      values.push(value)
      open = ''
    }
  }
  return values
}

/** The values of JSON Lines; none when one of the lines but the last, which may be cut off, is no JSON. */
function linesOf(text: string): JsonValue[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const values: JsonValue[] = []
  for (const [index, line] of lines.entries()) {
    const value = parsed(line)
    if (value !== undefined) values.push(value)
    else if (index < lines.length - 1) return []
  }
  return values
}
