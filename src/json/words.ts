import type { JsonObject } from './values.ts'

/** Words that describe a record, for reasons. Log text is hostile, and so are names of fields. */

/** A value of any kind as a text: an object may have its own `toString` that is not a function. */
export function wordOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? kindName(value) : String(value)
}

export function kindName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : `a ${typeof value}`
}

/** `the fields eventName, eventSource and 5 more`; names that are not plain words are only counted. */
export function fieldsOf(record: JsonObject): string {
  const names = Object.keys(record)
  const plain = names.filter(isPlainName).slice(0, 6)
  const more = names.length - plain.length
  if (names.length === 0) return 'no field'
  if (plain.length === 0)
    return more === 1 ? 'a field without a plain name' : `${more} fields without a plain name`
  const noun = names.length === 1 ? 'field' : 'fields'
  return `the ${noun} ${plain.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Whether a field's name is safe to show: names in a log can be hostile. */
export function isPlainName(name: string): boolean {
  return /^[\w.@$-]{1,40}$/.test(name)
}

/** V8's message quotes the text around the error, and log text must not appear in a reason. */
export function whyMalformed(thrown: unknown): string {
  if (!(thrown instanceof SyntaxError)) return 'the bytes are not UTF-8'
  if (/^Bad control character/.test(thrown.message))
    return 'the JSON holds a control character that is not escaped'
  return /^Bad (escaped|Unicode)/.test(thrown.message)
    ? 'the JSON holds a bad escape'
    : 'the JSON is malformed'
}
