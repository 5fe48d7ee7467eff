/** Characters that a terminal does not show. In a text they would only mislead readers and searches. */
const UNSEEN =
  /[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
const NOT_PLAIN =
  /(?![\t\n])[\p{Cc}\p{Cs}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u
/** Matches nearly every text, and much faster. */
const ASCII = /^[\t\n -~]*$/
/** Half of a surrogate pair is not a character. */
const HALF = /\p{Cs}/gu

/** DEC Special Graphics, 0x60 to 0x7e. */
const LINES = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·'

/** Whether a terminal shows a text unchanged. */
export function isPlain(text: string): boolean {
  return ASCII.test(text) || !NOT_PLAIN.test(text)
}

/** The visible part of a text without control characters. */
export function shown(text: string): string {
  return text.replace(UNSEEN, '').replace(HALF, '\ufffd')
}

/** Letters as they look while the line drawing character set is selected. */
export function asLines(text: string): string {
  return text.replace(/[`-~]/g, (character) => LINES[character.charCodeAt(0) - 0x60] ?? character)
}
