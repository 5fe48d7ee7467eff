/**
 * Values that must not be seen: those that the configuration takes from files and from variables whose names say so. What leaves
 * the process as text goes through `withoutSecrets`, whoever wrote it.
 */
const kept = new Set<string>()
let pattern: RegExp | undefined

/** Shorter ones would be found in every other word. */
const LEAST = 4
/** A part of a URL, a path or an ARN is a secret of its own only when it is long enough to be one. */
const LEAST_PART = 8
/** Settings that are no secrets, wherever they come from. */
const PLAIN = /^(\d{1,7}|true|false|null)$/i
/** Parts that say nothing about whose they are. */
const COMMON = /^(\d+|https?:|.*amazonaws.*|[a-z]{2,4}(-[a-z]+)+-\d+|cloudtrail|assumed-role|AWSLogs)$/i

/** From now on, the value is in no text. */
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

/** As a URL, JSON, SQL or a header spells it. */
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

/** The text with `***` in place of every secret, however it is spelled. */
export function withoutSecrets(text: string): string {
  if (kept.size === 0) return text
  // The longest first: a part of one may be another.
  pattern ??= new RegExp(
    [...kept]
      .sort((a, b) => b.length - a.length)
      .map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
      .join('|'),
    'gi',
  )
  return text.replace(pattern, '***')
}

/** For tests: nothing is kept any more. */
export function forgetSecrets(): void {
  kept.clear()
  pattern = undefined
}
