import type { WriteStream } from 'node:tty'
import { withoutSecrets } from './secrets.ts'

/**
 * Text from a log, made safe for a terminal: control characters, escapes and characters that change the
 * writing direction are shown instead of obeyed.
 */
export function visible(text: string): string {
  return withoutSecrets(text).replace(UNSEEN, (character) => {
    if (character === '\n') return '\\n'
    if (character === '\r') return '\\r'
    if (character === '\t') return '\\t'
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const UNSEEN = /[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

/** The width of a text in terminal columns: wide characters take two, combining marks none. */
export function textWidth(text: string): number {
  let width = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x300) width += 1
    else if (/\p{Mark}/u.test(character)) width += 0
    else width += WIDE.some(([first, last]) => code >= first && code <= last) ? 2 : 1
  }
  return width
}

// East Asian Width "W" and "F" (Unicode Standard Annex 11), in blocks.
const WIDE: readonly [number, number][] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]

/** Cuts a text to a width, with `…` in place of the rest. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text
  let kept = ''
  let used = 0
  for (const character of text) {
    used += textWidth(character)
    if (used > width - 1) break
    kept += character
  }
  return `${kept}…`
}

/** `12345678` → `12,345,678` */
export function grouped(number: number): string {
  // Not `toLocaleString`: its tables take as long to load as a short command takes to answer.
  return String(Math.round(number)).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `1 object`, `2 objects` */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${Math.round(count) === 1 ? '' : 's'}`
}

/** `52428800` → `52.4 MB` */
export function byteSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let unit = 0
  while (bytes >= 1000 && unit < units.length - 1) {
    bytes /= 1000
    unit++
  }
  return `${unit === 0 ? bytes : bytes.toFixed(1)} ${units[unit]}`
}

export interface ProgressLine {
  show(text: string): void
  clear(): void
}

/** One line that is overwritten at each update; does nothing when the output is not a terminal. */
export function progressLine(stream: WriteStream | NodeJS.WriteStream): ProgressLine {
  if (!stream.isTTY) return { show() {}, clear() {} }
  let shown = 0
  return {
    show(text) {
      const now = Date.now()
      if (now - shown < 100) return
      shown = now
      stream.write(`\r\x1b[2K${clip(text, (stream.columns || 80) - 1)}`)
    },
    clear() {
      stream.write('\r\x1b[2K')
    },
  }
}

/** `[██████░░░░] 60%` */
export function bar(part: number, width = 20): string {
  const full = Math.round(Math.min(1, Math.max(0, part)) * width)
  return `[${'█'.repeat(full)}${'░'.repeat(width - full)}] ${Math.floor(Math.min(1, part) * 100)}%`
}
