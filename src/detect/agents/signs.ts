/** What can be told from the text of a tool call or an answer. Every pattern is linear: no nested repeats. */

const LOCAL_PART = /[\w.+-]{1,64}$/
const DOMAIN = /^[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/
const URL_LIKE = /\bhttps?:\/\/[^\s"'<>\\)\]]{4,500}/gi
const ACCOUNT = /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b|\b\d{9,19}\b/g
const MOST = 200
/** A text with more `@` than this is none of addresses. */
const MOST_SIGNS = 5_000

/** E-mail addresses, URLs and account numbers in a text: where something can be sent to. */
export function destinations(text: string): string[] {
  const found = [URL_LIKE, ACCOUNT].flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ([one]) => one.replace(/[.,;:!?]+$/, '')),
  )
  return [...new Set([...addresses(text), ...found])].slice(0, MOST)
}

/** Looked for at each `@`: a pattern that begins with the name would try at every letter. */
function addresses(text: string): string[] {
  const found: string[] = []
  let at = text.indexOf('@')
  for (let n = 0; at >= 0 && n < MOST_SIGNS; n++, at = text.indexOf('@', at + 1)) {
    const name = LOCAL_PART.exec(text.slice(Math.max(0, at - 64), at))?.[0]
    const domain = name && DOMAIN.exec(text.slice(at + 1, at + 256))?.[0]
    if (domain) found.push(`${name}@${domain}`)
  }
  return found
}

/** The domain of an address or a URL, without `www.`; undefined for anything else. */
export function domainOf(destination: string): string | undefined {
  const address = /@([\w.-]+)$/.exec(destination)?.[1]
  const host = address ?? /^https?:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(destination)?.[1]
  return host?.toLowerCase().replace(/^www\./, '')
}

const DANGEROUS: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'deletes everything',
    /\brm\s+-[a-z]*r[a-z]*f|\brm\s+-[a-z]*f[a-z]*r|\bmkfs\.|\bdd\s+if=\S{1,200}\s+of=\/dev\//i,
  ],
  ['runs what it fetches', /\b(?:curl|wget)\b[^|\n]{1,300}\|\s*(?:sudo\s+)?(?:ba|z|da)?sh\b/i],
  [
    'reads credentials of the instance',
    /169\.254\.169\.254|169\.254\.170\.2|fd00:ec2::254|metadata\.google\.internal/i,
  ],
  ['reads credentials', /\/etc\/shadow\b|\.aws\/credentials|\.ssh\/id_[a-z0-9]+|\/proc\/self\/environ/i],
  ['changes IAM', /\baws\s+iam\s+(?:create|attach|put|update|delete|add)-/i],
  ['drops a table', /\bdrop\s+(?:table|database|schema)\b|\btruncate\s+table\b/i],
  ['opens a reverse shell', /\/dev\/tcp\/|\bnc\s+(?:-\w+\s+){0,4}-e\b|\bbash\s+-i\b/i],
  ['runs what it decodes', /\bbase64\s+(?:-d|--decode|-D)\b[^|\n]{0,200}\|\s*(?:ba|z|da)?sh\b/i],
]

/** What a command in a tool's input would do that few should, and the passage that says so. */
export function dangers(input: string): { what: string; passage: string }[] {
  // JSON hides line feeds and quotes.
  const text = input.replace(/\\[nrt]/g, ' ').replace(/\\(["\\/])/g, '$1')
  return DANGEROUS.flatMap(([what, pattern]) => {
    const found = pattern.exec(text)
    return found ? [{ what, passage: found[0] }] : []
  })
}

const READS =
  /(?:^|[^a-z])(?:read|get|list|search|fetch|query|select|find|download|open|lookup|retrieve|browse|view|load|cat)/
const SENDS =
  /(?:^|[^a-z])(?:send|post|upload|publish|e?mail|share|transfer|forward|notify|webhook|push|export|submit|reply|message|pay|wire)/
const CHANGES =
  /(?:^|[^a-z])(?:delete|remove|update|create|write|put|exec|execute|run|shell|bash|command|grant|attach|modify|drop|admin|deploy|terminate)/

/** What kind of tool it is, by its name; a tool that sends what it reads is one that sends. */
export function toolKind(name: string): 'sends' | 'changes' | 'reads' | 'other' {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  if (SENDS.test(words)) return 'sends'
  if (CHANGES.test(words)) return 'changes'
  return READS.test(words) ? 'reads' : 'other'
}

/** How much a tool may do: more for one that sends or changes than for one that reads. */
export function toolClass(name: string): number {
  return { other: 0, reads: 1, sends: 2, changes: 3 }[toolKind(name)]
}

const LINK = /\]\([ \t]{0,8}<?(https?:\/\/[^\s)>]{1,4000})/g
const LEAST_DATA = 40

/** Links and images whose query carries data, as in `![x](https://example.com/?q=<40 characters and more>)`. */
export function linksWithData(answer: string): string[] {
  return Array.from(answer.matchAll(LINK), ([, url = '']) => url).filter((url) => {
    const query = url.split('?')[1] ?? ''
    return query.split('&').some((part) => (part.split('=')[1] ?? part).length >= LEAST_DATA)
  })
}

const WORDS = /[\p{L}\p{N}]+/gu
const SHINGLE = 8
const LONGEST = 40_000

/** Which part of one text's runs of eight words stands in another, from 0 to 1; 0 for a text of fewer words. */
export function sharedShingles(of: string, within: string): number {
  const asked = shingles(of)
  if (asked.size === 0) return 0
  const there = shingles(within)
  let shared = 0
  for (const one of asked) if (there.has(one)) shared++
  return shared / asked.size
}

function shingles(text: string): Set<string> {
  const words = text.slice(0, LONGEST).toLowerCase().match(WORDS) ?? []
  const found = new Set<string>()
  for (let at = 0; at + SHINGLE <= words.length; at++) found.add(words.slice(at, at + SHINGLE).join(' '))
  return found
}
