/** What is found by a sign in it: `@` of an e-mail address, colons and dots of addresses of the network. */
export interface Found {
  from: number
  to: number
}

const LOCAL = 64
const DOMAIN = 253

/** Bits of a character: 1 of what stands before `@`, 2 of a domain, 4 a letter or digit. */
const SIGN = new Uint8Array(0x10000)
for (let code = 0; code < 0x10000; code++) {
  const character = String.fromCharCode(code)
  if (/[\w!#$%&'*+\-/=?^`{|}~.]/.test(character)) SIGN[code] = 1
  if (/[\p{L}\p{N}.-]/u.test(character)) SIGN[code] = (SIGN[code] as number) | 2
  if (/[\p{L}\p{N}]/u.test(character)) SIGN[code] = (SIGN[code] as number) | 4
}

/** The e-mail address around the `@` at a place. */
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
  const labels = text.slice(at + 1, to).split('.')
  if (
    labels.length < 2 ||
    labels.some((label) => label === '' || label.startsWith('-') || label.endsWith('-'))
  )
    return undefined
  if (!/^(?:\p{L}{2,}|xn--[a-z0-9-]+)$/iu.test(labels.at(-1) as string)) return undefined
  let from = at
  while (from > 0 && at - from < LOCAL && ((SIGN[text.charCodeAt(from - 1)] as number) & 1) !== 0) from--
  // What stands before an address in a URI or an assignment is none of it.
  const local = text.slice(from, at)
  from += Math.max(local.lastIndexOf('/'), local.lastIndexOf('='), local.lastIndexOf("'")) + 1
  while (from < at && !/[\w!#$&+]/.test(text[from] as string)) from++
  return from === at || text[at - 1] === '.' ? undefined : { from, to }
}

const MAC =
  /[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![\w:-])|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}(?![\w.])/y

/** The hardware address that begins at a place; none that all devices have. */
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

/** The address of the network that begins at a place, with its prefix length. */
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
  /** Digits and nothing else. */
  isPlain: boolean
}

/** The telephone number that begins at a place: groups of digits with one or two signs between. */
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
