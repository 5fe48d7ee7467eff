/** Signs in the text of a tool call or an answer. Every pattern is linear: no nested repeats. */

// Letters of all languages, as RFC 6531 allows.
const LOCAL_PART = /[\p{L}\p{M}\p{N}_.+-]{1,64}$/u
const DOMAIN = /^[\p{L}\p{M}\p{N}_-]{1,63}(?:\.[\p{L}\p{M}\p{N}_-]{1,63}){1,6}/u
const URL_LIKE = /\bhttps?:\/\/[^\s"'<>\\)\]]{4,500}/gi
const ACCOUNT = /\b[A-Z]{2}\d{2}[A-Z0-9]{11,30}\b|\b\d{9,19}\b/g
const MAX = 200
/** Most `@` in a text that is searched for addresses. */
const MAX_SIGNS = 5_000

/** E-mail addresses, URLs and account numbers in a text: possible destinations of data. */
export function destinations(text: string): string[] {
  const found = [URL_LIKE, ACCOUNT].flatMap((pattern) =>
    Array.from(text.matchAll(pattern), ([one]) => one.replace(/[.,;:!?]+$/, '')),
  )
  return [...new Set([...addresses(text), ...found])].slice(0, MAX)
}

/** Searches around each `@`: a pattern that begins with the name would try at every letter. */
function addresses(text: string): string[] {
  const found: string[] = []
  let at = text.indexOf('@')
  for (let n = 0; at >= 0 && n < MAX_SIGNS; n++, at = text.indexOf('@', at + 1)) {
    const name = LOCAL_PART.exec(text.slice(Math.max(0, at - 64), at))?.[0]
    const domain = name && DOMAIN.exec(text.slice(at + 1, at + 256))?.[0]
    if (domain) found.push(`${name}@${domain}`)
  }
  return found
}

/** The domain of an address or a URL, without `www.`; undefined for anything else. */
export function domainOf(destination: string): string | undefined {
  const address = /@([\p{L}\p{M}\p{N}_.-]+)$/u.exec(destination)?.[1]
  const host = address ?? /^https?:\/\/(?:[^/?#@]*@)?([^/?#:]+)/i.exec(destination)?.[1]
  return host?.toLowerCase().replace(/^www\./, '')
}

const DANGEROUS: readonly (readonly [what: string, pattern: RegExp])[] = [
  [
    'deletes everything',
    /\brm\s+(?:-[\w-]{1,20}\s+){0,3}(?:-[a-z]{0,9}(?:r[a-z]{0,9}f|f[a-z]{0,9}r)|(?:-[a-z]{0,9}r|--recursive)\s+(?:-[a-z]{0,9}f|--force)|(?:-[a-z]{0,9}f|--force)\s+(?:-[a-z]{0,9}r|--recursive))|\bmkfs\.|\bdd\s+if=\S{1,200}\s+of=\/dev\//i,
  ],
  [
    'runs what it fetches',
    /\b(?:curl|wget)\b[^|\n]{1,300}\|\s{0,9}(?:sudo\s{1,9})?(?:\/[\w/]{1,40}\/)?(?:(?:ba|z|da|k|a)?sh|python[\d.]{0,5}|perl|ruby|node|php)\b|(?:\b(?:(?:ba|z|da|k|a)?sh|source|eval)|(?:^|\s)\.)\s{1,9}(?:-c\s{1,9})?["']?(?:<\(|\$\(|`)\s{0,9}(?:curl|wget)\b/i,
  ],
  [
    'reads credentials of the instance',
    /169\.254\.169\.254|169\.254\.170\.2|fd00:ec2::254|metadata\.google\.internal/i,
  ],
  ['reads credentials', /\/etc\/shadow\b|\.aws\/credentials|\.ssh\/id_[a-z0-9]+|\/proc\/self\/environ/i],
  ['changes IAM', /\baws\s+iam\s+(?:create|attach|put|update|delete|add)-/i],
  ['drops a table', /\bdrop\s+(?:table|database|schema)\b|\btruncate\s+table\b/i],
  [
    'opens a reverse shell',
    /\/dev\/tcp\/|\b(?:nc|ncat|netcat)\s+(?:[^\s;|&]{1,100}\s+){0,6}(?:-\w{0,9}[ec]|--exec|--sh-exec)\s|\bbash\s+-i\b/i,
  ],
  [
    'runs what it decodes',
    /\bbase64\s+(?:-d|--decode|-D)\b[^|\n]{0,200}\|\s{0,9}(?:(?:ba|z|da|k|a)?sh|python[\d.]{0,5}|perl)\b/i,
  ],
]

/** Dangerous actions of a command in a tool's input, each with its passage. */
export function dangers(input: string): { what: string; passage: string }[] {
  // JSON escapes line feeds and quotes.
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

/**
 * A name that begins with reading: what follows is what is read, as in `read_email` or `list_shared_files`.
 */
const READS_FIRST =
  /^[^a-z]*(?:read|get|list|search|fetch|query|find|lookup|retrieve|browse|view|load)(?:[^a-z]|$)/
/** What a tool does besides. */
const BESIDES = /[^a-z](?:and|then|to)(?=[^a-z])/

/**
 * The kind of a tool, by its name; a tool that sends what it reads counts as `sends`, and one whose name
 * begins with reading reads, whatever it reads.
 */
export function toolKind(name: string): 'sends' | 'changes' | 'reads' | 'other' {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  // Without the name of its server.
  const own = words.split(/__|[:./]/).at(-1) as string
  if (READS_FIRST.test(own)) {
    const besides = BESIDES.exec(own)
    if (!besides) return 'reads'
    const more = own.slice(besides.index + 1)
    return SENDS.test(more) ? 'sends' : CHANGES.test(more) ? 'changes' : 'reads'
  }
  if (SENDS.test(words)) return 'sends'
  if (CHANGES.test(words)) return 'changes'
  return READS.test(words) ? 'reads' : 'other'
}

/** A tool's power: higher for one that sends or changes than for one that reads. */
export function toolClass(name: string): number {
  return { other: 0, reads: 1, sends: 2, changes: 3 }[toolKind(name)]
}

const LINK = /\]\([ \t]{0,8}<?(https?:\/\/[^\s)>]{1,4000})/g
const LEAST_DATA = 40

/**
 * Links and images whose query carries data, as in `![x](https://example.com/?q=<40 characters and more>)`.
 */
export function linksWithData(answer: string): string[] {
  return Array.from(answer.matchAll(LINK), ([, url = '']) => url).filter((url) => {
    const query = url.split('?')[1] ?? ''
    return query.split('&').some((part) => (part.split('=')[1] ?? part).length >= LEAST_DATA)
  })
}

const WORDS = /[\p{L}\p{N}]+/gu
const SHINGLE = 8
const LONGEST = 40_000

/**
 * The share, from 0 to 1, of one text's runs of eight words that also occur in another; 0 for a text of fewer
 * words.
 */
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
