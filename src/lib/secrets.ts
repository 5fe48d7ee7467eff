/**
 * Secret values: those that the configuration takes from files, and from variables whose names say so. All
 * text that leaves the process goes through `withoutSecrets`.
 */
const kept = new Set<string>()
let pattern: RegExp | undefined

/** Letters below which a value would be found in many ordinary words. */
const LEAST = 4
/** Letters from which a part of a URL, a path or an ARN counts as a secret itself. */
const LEAST_PART = 8
/** Settings that are never secrets, wherever they come from. */
const PLAIN = /^(\d{1,7}|true|false|null)$/i
/** Parts that reveal nothing about their owner. */
const COMMON = /^(\d+|https?:|.*amazonaws.*|[a-z]{2,4}(-[a-z]+)+-\d+|cloudtrail|assumed-role|AWSLogs)$/i

/** From now on, the value is replaced in all text. */
export function keepSecret(value: string): void {
  const lines = value.split(/\r?\n/).map((line) => line.trim())
  const parts = lines.flatMap((line) => line.split(/[\s/:?&=@#,;"'{}]+/))
  const all = [
    ...[value, ...lines].filter((text) => text.length >= LEAST && !PLAIN.test(text)),
    ...parts.filter((text) => text.length >= LEAST_PART && !COMMON.test(text)),
  ]
  for (const text of all) for (const form of formsOf(text)) kept.add(form)
  pattern = undefined
}

/** The value as it is spelled in a URL, JSON, SQL or a header. */
function formsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1)
  const bytes = Buffer.from(text)
  return [
    text,
    encodeURIComponent(text),
    encodeURI(text),
    encodeURIComponent(text).replaceAll('%20', '+'),
    json,
    JSON.stringify(json).slice(1, -1),
    text.replaceAll("'", "''"),
    text.length < LEAST_PART ? text : bytes.toString('base64').replace(/=+$/, ''),
    text.length < LEAST_PART ? text : bytes.toString('base64url'),
  ]
}

/** The text with `***` in place of every secret, in any spelling. */
export function withoutSecrets(text: string): string {
  if (kept.size === 0) return text
  // The longest first, since a secret may be part of another.
  pattern ??= new RegExp(
    [...kept]
      .sort((a, b) => b.length - a.length)
      .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
      .join('|'),
    'gi',
  )
  return text.replace(pattern, '***')
}

/** For tests: forgets all secrets. */
export function forgetSecrets(): void {
  kept.clear()
  pattern = undefined
}
