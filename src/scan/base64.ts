import { isUtf8 } from 'node:buffer'

/** A part of a text that is base64 of another text. */
export interface Encoded {
  /** Offsets in the text; `to` is exclusive. */
  from: number
  to: number
  text: string
}

/** 12 characters are 9 bytes: the shortest e-mail addresses and passwords that are worth a look. */
const LEAST = 12

/** Base64 or base64url, also in lines of 60 characters and more, as MIME and PEM have it. */
const RUN = /(?:[A-Za-z0-9+/_-]{60,}\r?\n)*[A-Za-z0-9+/_-]{12,}={0,2}/y
/** By the code of a character: 1 where it may be in a run. */
const IN_RUN = new Uint8Array(0x10000)
for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-')
  IN_RUN[character.charCodeAt(0)] = 1
const UTF8 = new TextDecoder()

/**
 * The parts of a text that are base64 of text. Words, names and ids are runs of the same letters: what they
 * decode to is no UTF-8 without control characters, which the first bytes mostly show.
 */
export function encodedIn(text: string): Encoded[] {
  const found: Encoded[] = []
  for (const { run, index } of runsIn(text)) {
    const whole = decoded(run)
    if (whole !== undefined) {
      found.push({ from: index, to: index + run.length, text: whole })
      continue
    }
    // In a path, `/` is no part of the base64 beside it.
    if (!run.includes('/')) continue
    let from = index
    for (const part of run.split('/')) {
      const inside = part.length < LEAST ? undefined : decoded(part)
      if (inside !== undefined) found.push({ from, to: from + part.length, text: inside })
      from += part.length + 1
    }
  }
  return found
}

/**
 * The runs of a text. The pattern alone would begin at each letter of each word; here the last of 12
 * characters is looked at first, and where it is a space, no run begins before it.
 */
function* runsIn(text: string): Generator<{ run: string; index: number }> {
  let index = 0
  while (index + LEAST <= text.length) {
    let at = index + LEAST - 1
    while (at >= index && IN_RUN[text.charCodeAt(at)] === 1) at--
    if (at >= index) {
      index = at + 1
      continue
    }
    RUN.lastIndex = index
    const [run] = RUN.exec(text) as RegExpExecArray
    yield { run, index }
    index += run.length
  }
}

function decoded(run: string): string | undefined {
  if (!isPrintable(Buffer.from(run.slice(0, LEAST), 'base64'))) return undefined
  const bytes = Buffer.from(run, 'base64')
  // Asked before: most words are none, and an error for each of them takes as long as all else here.
  return isPrintable(bytes) && isUtf8(bytes) ? UTF8.decode(bytes) : undefined
}

/** Whether no byte is a control character, except for white space. */
function isPrintable(bytes: Uint8Array): boolean {
  for (const byte of bytes)
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return false
  return true
}
