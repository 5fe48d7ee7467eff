/** Data found by a sign in it: `@` of an e-mail address, colons and dots of network addresses. */
export interface Found {
  from: number
  to: number
}

const LOCAL = 64
const DOMAIN = 253

/** Scripts that write words without spaces: what is beside an address is no part of it by itself. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}]/u

/**
 * Bits of a character: 1 allowed before `@`, 2 allowed in a domain, 4 a letter, mark or digit, 8 of an
 * unspaced script.
 */
const SIGN = new Uint8Array(0x10000)
for (let code = 0; code < 0x10000; code++) {
  const character = String.fromCharCode(code)
  const isLetter = /[\p{L}\p{M}\p{N}]/u.test(character)
  const isUnspaced = isLetter && code > 0x7f && UNSPACED.test(character)
  // RFC 6531 allows any letter before the `@`, in scripts of all languages.
  const isLocal = /[\w!#$%&'*+\-/=?^`{|}~.]/.test(character) || (isLetter && !isUnspaced)
  SIGN[code] =
    (isLocal ? 1 : 0) |
    (isLetter || /[.-]/.test(character) ? 2 : 0) |
    (isLetter ? 4 : 0) |
    (isUnspaced ? 8 : 0)
}

/** The e-mail address around the `@` at an index. */
export function emailAt(text: string, at: number): Found | undefined {
  let to = at + 1
  let dot = -1
  while (to < text.length && to - at < DOMAIN) {
    const code = text.charCodeAt(to)
    if (((SIGN[code] as number) & 2) === 0) break
    if (code === 0x2e) dot = to
    to++
  }
  if (dot < 0) return undefined
  while (to > at && ((SIGN[text.charCodeAt(to - 1)] as number) & 4) === 0) to--
  to = endOfLatin(text, text.lastIndexOf('.', to) + 1, to)
  const labels = text.slice(at + 1, to).split('.')
  if (
    labels.length < 2 ||
    labels.some((label) => label === '' || label.startsWith('-') || label.endsWith('-'))
  )
    return undefined
  if (!/^(?:\p{L}[\p{L}\p{M}]+|xn--[a-z0-9-]+)$/iu.test(labels.at(-1) as string)) return undefined
  const isUnspaced = ((SIGN[text.charCodeAt(at - 1)] as number) & 8) !== 0
  if (isUnspaced && !isDomainOfUnspaced(labels)) return undefined
  const isLocal = isUnspaced ? 8 : 1
  let from = at
  while (from > 0 && at - from < LOCAL && ((SIGN[text.charCodeAt(from - 1)] as number) & isLocal) !== 0)
    from--
  // Text of a URI or an assignment before the address does not belong to it.
  const local = text.slice(from, at)
  from += Math.max(local.lastIndexOf('/'), local.lastIndexOf('='), quoteIn(local)) + 1
  while (from < at && !/[\p{L}\p{N}_!#$&+]/u.test(text[from] as string)) from++
  if (from === at || text[at - 1] === '.') return undefined
  return isOther(text.slice(from, at), text.slice(at + 1, to), text.slice(to, to + LOCAL))
    ? undefined
    : { from, to }
}

/**
 * The end of a label whose ASCII letters are followed by a word of an unspaced script, as in `example.jpまで`.
 */
function endOfLatin(text: string, from: number, to: number): number {
  let end = from
  while (end < to && text.charCodeAt(end) < 0x80) end++
  return end > from && end < to && ((SIGN[text.charCodeAt(end)] as number) & 8) !== 0 ? end : to
}

const OF_UNSPACED = /^(?:com|net|org|edu|gov|info|asia|cn|tw|hk|mo|sg|jp|kr|th|la|kh|mm|example|test)$/i

/**
 * Whether what follows `@` can be the domain of an address in an unspaced script: there `@` behind a word may
 * also begin the name of somebody or of an annotation, as in `使用@app.route`.
 */
function isDomainOfUnspaced(labels: readonly string[]): boolean {
  const isOwn = (label: string) => [...label].every((character) => UNSPACED.test(character))
  return labels.every(isOwn) || OF_UNSPACED.test(labels.at(-1) as string)
}

/**
 * The last quote before an address. In `d.o'neil@` it is an apostrophe of the name, in `b'neil@` a quote of a
 * program.
 */
function quoteIn(local: string): number {
  const at = local.lastIndexOf("'")
  return /[\p{L}\d.]*\p{L}'\p{L}$/u.test(local.slice(0, at + 2)) && !/^[bfnru]'/i.test(local) ? -1 : at
}

/**
 * Whether it is the address of a repository, or the name of a picture of a certain density, as in `a@2x.png`.
 */
function isOther(local: string, domain: string, rest: string): boolean {
  if (/^\d+x\.(?:png|jpe?g|gif|webp|svg|avif)$/i.test(domain)) return true
  return /^(?:git|hg|svn)$/i.test(local) && /^:[\w.~-]*\/?[\w.~-]/.test(rest)
}

const MAC =
  /[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])/y

/** The hardware address that begins at an index; broadcast and null addresses do not count. */
export function macAt(text: string, from: number): Found | undefined {
  MAC.lastIndex = from
  const found = MAC.exec(text)?.[0]
  if (found === undefined || /^(?:0|f)+$/i.test(found.replace(/[:.-]/g, ''))) return undefined
  return { from, to: from + found.length }
}

const V4 =
  /(?:25[0-5]|2[0-4]\d|[01]?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|[01]?\d?\d)){3}(?:\/(?:3[0-2]|[0-2]?\d)(?!\d))?(?![\w]|\.\d)/y
const V6_RUN = /[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*/y
const LONGEST_V6 = 45

/** The IP address that begins at an index, with its prefix length. */
export function ipAt(text: string, from: number): Found | undefined {
  V4.lastIndex = from
  const four = V4.exec(text)?.[0]
  if (four !== undefined) return { from, to: from + four.length }
  V6_RUN.lastIndex = 0
  let run = V6_RUN.exec(text.slice(from, from + LONGEST_V6 + 1))?.[0] ?? ''
  if (run.length > LONGEST_V6) return undefined
  run = run.replace(/\.+$/, '')
  if (run.endsWith(':') && !run.endsWith('::')) run = run.slice(0, -1)
  if (!isV6(run)) return undefined
  let to = from + run.length
  const zone = /^%[0-9a-zA-Z]{1,20}/.exec(text.slice(to, to + 22))
  if (zone) to += zone[0].length
  const prefix = /^\/(?:12[0-8]|1[01]\d|[1-9]?\d)(?!\d)/.exec(text.slice(to, to + 5))
  if (prefix) to += prefix[0].length
  return /[\w:]/.test(text[to] ?? '') ? undefined : { from, to }
}

function isV6(run: string): boolean {
  const [head = '', tail, more] = run.split('::')
  if (more !== undefined) return false
  const groups = [
    ...(head === '' ? [] : head.split(':')),
    ...(tail === undefined || tail === '' ? [] : tail.split(':')),
  ]
  const last = groups.at(-1) ?? ''
  let count = groups.length
  if (last.includes('.')) {
    V4.lastIndex = 0
    if (V4.exec(last)?.[0] !== last) return false
    groups.pop()
    count++
  }
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false
  return tail === undefined ? count === 8 : count < 8
}

const LONGEST_PHONE = 34
const EXTENSION = /^ ?(?:x|ext\.?) ?\d{1,6}(?!\w)/i

export interface Phone extends Found {
  isInternational: boolean
  /** Digits only. */
  isPlain: boolean
}

/** The telephone number that begins at an index: groups of digits with one or two signs between. */
export function phoneAt(text: string, from: number): Phone | undefined {
  const isInternational = text[from] === '+'
  let digits = 0
  let signs = 0
  let open = 0
  let to = from
  let isPlain = !isInternational
  for (let at = isInternational ? from + 1 : from; at < text.length && at - from < LONGEST_PHONE; at++) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) {
      digits++
      signs = 0
      to = at + 1
    } else if (code === 0x28 && open === 0) {
      open = 1
      isPlain = false
    } else if (code === 0x29 && open === 1) {
      open = 2
      to = at + 1
    } else if (
      (code === 0x20 || code === 0x2d || code === 0x2e || code === 0x2f) &&
      signs < 2 &&
      digits > 0
    ) {
      signs++
    } else break
  }
  if (digits < 7 || digits > 15 || open === 1) return undefined
  const extension = EXTENSION.exec(text.slice(to, to + 12))
  if (extension) to += extension[0].length
  else if (/\w/.test(text[to] ?? '')) return undefined
  const written = text.slice(from, to)
  if (isDate(written) || /^\(?\d{1,3}(?:\.\d{1,3}){3}\)?$/.test(written)) return undefined
  isPlain &&= /^\d+$/.test(written)
  return { from, to, isInternational, isPlain }
}

function isDate(written: string): boolean {
  return /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}/.test(written) || /^\d{1,2}([-/.])\d{1,2}\1\d{4}\b/.test(written)
}
