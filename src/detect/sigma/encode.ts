import { ANY, ONE, type Pattern, type Piece } from './contract.ts'

/**
 * A value between two modifiers: text with wildcards, or bytes, which only Base64 can turn into text again.
 */
export type Draft = { kind: 'pattern'; pattern: Pattern } | { kind: 'bytes'; bytes: Buffer }

export type Wide = 'utf16' | 'utf16le' | 'utf16be' | 'wide'

/**
 * UTF-16 of a text. `wide` is little endian; `utf16` too, with a byte order mark before it.
 * https://github.com/SigmaHQ/sigma-specification, sigma-appendix-modifiers.md, section "Encoding".
 */
export function utf16(text: string, name: Wide): Buffer {
  const bytes = Buffer.from(text, 'utf16le')
  if (name === 'utf16be') bytes.swap16()
  return name === 'utf16' ? Buffer.concat([Buffer.from([0xff, 0xfe]), bytes]) : bytes
}

/** Bytes read as text: UTF-16 has a NUL between the letters. Undefined when they are not UTF-8. */
export function asText(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/**
 * The three texts that bytes become inside Base64, one for each position in a group of three at which they
 * may begin. Letters at the ends that depend on the neighbouring bytes are left off.
 */
export function base64Offsets(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset, ' '), bytes]).toString('base64')
    const first = [0, 2, 3][offset]
    const rest = (bytes.length + offset) % 3
    return encoded.slice(first, rest === 0 ? undefined : rest === 1 ? -3 : -2)
  })
}

const DASHES = ['-', '/', '–', '—', '―']
/** One of them before a word, and not after one: `-p` and `/p`, not the second one of `-p-q`. */
const DASH = /(?<![\p{L}\p{N}_])[-/–—―](?=[\p{L}\p{N}_])/gu
const MAX_DASHES = 4

/** All ways to write the dashes of a text. Undefined when there are more than 625 of them. */
export function windash(pattern: Pattern): Pattern[] | undefined {
  let ways: Piece[][] = [[]]
  for (const piece of pattern) {
    if (typeof piece !== 'string') {
      ways = ways.map((way) => [...way, piece])
      continue
    }
    let from = 0
    for (const { index } of piece.matchAll(DASH)) {
      const before = piece.slice(from, index)
      ways = ways.flatMap((way) => DASHES.map((dash) => [...way, before + dash]))
      from = index + 1
      if (ways.length > DASHES.length ** MAX_DASHES) return undefined
    }
    const rest = piece.slice(from)
    ways = ways.map((way) => [...way, rest])
  }
  return ways
}

export type Placeholders = ReadonlyMap<string, readonly string[]>

/** The names of the placeholders in a text, as in `%admins%`; `\%` is a percent sign. */
const PLACEHOLDER = /(?<!\\)%([^%\\]+)%/g

export function placeholdersIn(text: string): string[] {
  return [...text.matchAll(PLACEHOLDER)].map(([, name]) => name as string)
}

/** All texts that a text becomes with its placeholders filled in; all placeholders must be known. */
export function filledIn(text: string, values: Placeholders): string[] {
  let ways = ['']
  let from = 0
  for (const match of text.matchAll(PLACEHOLDER)) {
    const before = text.slice(from, match.index).replaceAll('\\%', '%')
    const meant = values.get(match[1] as string) ?? []
    ways = ways.flatMap((way) => meant.map((value) => way + before + value))
    from = match.index + match[0].length
  }
  const rest = text.slice(from).replaceAll('\\%', '%')
  return ways.map((way) => way + rest)
}

export function hasWildcard(pattern: Pattern): boolean {
  return pattern.includes(ANY) || pattern.includes(ONE)
}
