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
const RUN = /(?:[A-Za-z0-9+/_-]{60,}\r?\n)*[A-Za-z0-9+/_-]{12,}={0,2}/g
const UTF8 = new TextDecoder('utf-8', { fatal: true })

/**
 * The parts of a text that are base64 of text. Words, names and ids are runs of the same letters: what they
 * decode to is no UTF-8 without control characters, which the first bytes mostly show.
 */
export function encodedIn(text: string): Encoded[] {
  const found: Encoded[] = []
  for (const { 0: run, index } of text.matchAll(RUN)) {
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

function decoded(run: string): string | undefined {
  if (!isPrintable(Buffer.from(run.slice(0, LEAST), 'base64'))) return undefined
  const bytes = Buffer.from(run, 'base64')
  if (!isPrintable(bytes)) return undefined
  try {
    return UTF8.decode(bytes)
  } catch {
    return undefined
  }
}

/** Whether no byte is a control character, except for white space. */
function isPrintable(bytes: Uint8Array): boolean {
  for (const byte of bytes)
    if ((byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) || byte === 0x7f) return false
  return true
}
