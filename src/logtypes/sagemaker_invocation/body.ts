import { isUtf8 } from 'node:buffer'
import { type JsonObject, type JsonValue, textOf } from '../../json/values.ts'

/** The kind of a side's body; `absent` when the capture does not have that side. */
export type BodyState = 'json' | 'jsonlines' | 'sse' | 'csv' | 'text' | 'binary' | 'empty' | 'absent'

export interface Body {
  state: BodyState
  /** Decoded from base64 if necessary; undefined for `binary` and `absent`. */
  text?: string
  /** Whether `text` equals the delivered data. */
  isDelivered?: boolean
  /** The JSON values in it: one for `json`, all values of the stream for `jsonlines` and `sse`. */
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

/**
 * Recognizes a body by its content; the client's content type only decides between CSV and a single JSON
 * value.
 */
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

/**
 * Text decoded from base64; undefined when it is not text. Data that is wrongly labelled as base64 is
 * returned unchanged.
 */
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

/** Rows of numbers with at least two columns: CSV, even without that content type. */
const NUMBERS = /^[-+\d.eE]+(?:,[-+\d.eE]*)+(?:\r?\n[-+\d.eE]*(?:,[-+\d.eE]*)+)*$/

function parsed(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return undefined
  }
}

/**
 * The values of server-sent events. `data:` may be followed by a space or not, and an event's data may be on
 * several lines; some containers put events on consecutive lines without an empty line between them.
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

/** The values of JSON Lines; none when a line is not JSON, except the last one, which may be cut off. */
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
