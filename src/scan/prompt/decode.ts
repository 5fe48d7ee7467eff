/** A part of a text that differs from what it shows: it is encoded, or readers of the page do not see it. */
export interface Hidden {
  /** Its offsets in the text, in UTF-16 code units; `to` is exclusive. */
  from: number
  to: number
  text: string
}

/** Most characters of decoded text in one scan, beyond the text's own length. */
const SLACK = 10_000
const LONGEST = 65_536
const LEAST = 12

const LEAST_RUN = 24

/** 1 for a character of base64, which includes hex. */
const KIND = new Uint8Array(0x10000)
for (let code = 0; code < 0x80; code++) if (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(code))) KIND[code] = 1

/** Every quantifier is bounded or over one class, so that each pattern is linear. */
const PERCENT = /(?:%[0-9a-fA-F]{2}[\w.~-]{0,12}){6,}/g
const ENTITIES = /(?:&#(?:x[0-9a-fA-F]{1,6}|\d{1,7});){6,}/g
const ESCAPES = /(?:\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})){6,}/g
const ATTRIBUTE =
  /\b(?:alt|title|content|aria-label|value|placeholder|data-[a-z]{1,20})="([^"<>]{20,2000})"/gi

/** The hidden parts of a text. Linear. */
export function hiddenIn(text: string): Hidden[] {
  const found: Hidden[] = []
  let left = text.length + SLACK
  const add = (from: number, to: number, decoded: string | undefined) => {
    if (decoded === undefined || decoded.length < LEAST || decoded.length > left) return
    left -= decoded.length
    found.push({ from, to, text: decoded })
  }
  const each = (pattern: RegExp, decode: (match: string) => string | undefined) => {
    for (const match of text.matchAll(pattern))
      add(match.index, match.index + match[0].length, decode(match[0].slice(0, LONGEST)))
  }
  runs(text, add)
  if (text.includes('%')) each(PERCENT, percentDecoded)
  if (text.includes('&#')) each(ENTITIES, (match) => match.replace(/&#(x?)([0-9a-fA-F]+);/g, characterOf))
  if (text.includes('\\')) each(ESCAPES, unescaped)
  if (text.includes('<')) {
    comments(text, add)
    if (text.includes('="'))
      for (const match of text.matchAll(ATTRIBUTE)) add(match.index, match.index + match[0].length, match[1])
  }
  return found
}

/** Runs of base64 or of hex. */
function runs(text: string, add: (from: number, to: number, decoded: string | undefined) => void): void {
  const isRun = (place: number) => place < text.length && KIND[text.charCodeAt(place)] !== 0
  // A run is at least 24 characters long: testing every 24th character is enough to find one.
  let behind = 0
  for (let at = LEAST_RUN - 1; at < text.length; at += LEAST_RUN) {
    if (!isRun(at)) continue
    let from = at
    while (from > behind && isRun(from - 1)) from--
    while (isRun(at)) at++
    behind = at
    if (at - from < LEAST_RUN) continue
    const run = text.slice(from, Math.min(at, from + LONGEST))
    const padded = text[at] === '=' ? (text[at + 1] === '=' ? 2 : 1) : 0
    if (/^[0-9a-fA-F]+$/.test(run)) add(from, at, plain(Buffer.from(run, 'hex')))
    else if (looksLikeBase64(run)) add(from, at + padded, plain(Buffer.from(run, 'base64')))
  }
}

/** Whether letters are mixed in case, or digits occur: plain words have neither. */
function looksLikeBase64(match: string): boolean {
  const start = match.slice(0, 200)
  return /[A-Z]/.test(start) && /[a-z]/.test(start) && !/^[A-Z]?[a-z]+(?:[-_/][A-Z]?[a-z]+)*$/.test(start)
}

function plain(bytes: Buffer): string | undefined {
  if (bytes.length < LEAST) return undefined
  const text = bytes.toString('utf8')
  let odd = 0
  let letters = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === 0xfffd || (code < 32 && code !== 9 && code !== 10 && code !== 13)) odd++
    else if (code > 64) letters++
  }
  return odd <= text.length * 0.05 && letters >= text.length * 0.5 ? text : undefined
}

function percentDecoded(match: string): string | undefined {
  return plain(
    Buffer.from(
      match.replace(/%([0-9a-fA-F]{2})/g, (_, code: string) =>
        String.fromCharCode(Number.parseInt(code, 16)),
      ),
      'latin1',
    ),
  )
}

function unescaped(match: string): string {
  const codes: number[] = []
  for (let at = 0; at < match.length; ) {
    const length = match[at + 1] === 'u' ? 4 : 2
    codes.push(Number.parseInt(match.slice(at + 2, at + 2 + length), 16))
    at += 2 + length
  }
  return String.fromCharCode(...codes)
}

function characterOf(_: string, hex: string, code: string): string {
  const point = Number.parseInt(code, hex === '' ? 10 : 16)
  return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
}

function comments(text: string, add: (from: number, to: number, decoded: string) => void): void {
  for (let from = text.indexOf('<!--'); from >= 0; ) {
    const end = text.indexOf('-->', from + 4)
    if (end < 0) return
    add(from, end + 3, text.slice(from + 4, Math.min(end, from + LONGEST)))
    from = text.indexOf('<!--', end + 3)
  }
}
