/**
 * JSON as a text: finds the values inside an object or an array. The text must have passed `JSON.parse`, so
 * nothing is validated. A record's text is cut into many small ones; from bytes, each of them would have to
 * be decoded separately, which takes several times as long.
 */

/** Calls `visit` for each member of the object, or element of the array, that begins at `at`, in order. */
export function scan(
  text: string,
  at: number,
  visit: (key: string, start: number, end: number) => void,
): void {
  if (!isNested(text, at)) return
  const isObject = isObjectAt(text, at)
  at = space(text, at + 1)
  for (let index = 0; at < text.length; index++) {
    const byte = text.charCodeAt(at)
    if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) return
    let key: string
    if (isObject) {
      const end = stringEnd(text, at)
      key = said(text.slice(at, end))
      at = space(text, space(text, end) + 1)
    } else key = String(index)
    const end = valueEnd(text, at)
    visit(key, at, end)
    at = space(text, end)
    if (text.charCodeAt(at) === COMMA) at = space(text, at + 1)
  }
}

/** A JSON text without its quotes and escapes; any other value as it is written. */
export function said(json: string): string {
  if (json.charCodeAt(0) !== QUOTE) return json
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1)
}

/** Whether an object or an array begins at `at`. */
export function isNested(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === OPEN_OBJECT || code === OPEN_ARRAY
}

export function isObjectAt(text: string, at: number): boolean {
  return text.charCodeAt(at) === OPEN_OBJECT
}

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** The first index at or after `at` that is not white space. */
export function space(text: string, at: number): number {
  while (text.charCodeAt(at) <= 0x20) at++
  return at
}

function stringEnd(text: string, at: number): number {
  let end = at + 1
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end)
    if (code === QUOTE) return end + 1
    if (code === BACKSLASH) end++
  }
  return end
}

function valueEnd(text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (first === QUOTE) return stringEnd(text, at)
  let end = at
  if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
    for (let depth = 0; end < text.length; end++) {
      const code = text.charCodeAt(end)
      if (code === QUOTE) end = stringEnd(text, end) - 1
      else if (code === OPEN_OBJECT || code === OPEN_ARRAY) depth++
      else if ((code === CLOSE_OBJECT || code === CLOSE_ARRAY) && --depth === 0) return end + 1
    }
  }
  for (;;) {
    const code = text.charCodeAt(end)
    if (code <= 0x20 || code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY || end >= text.length)
      return end
    end++
  }
}
