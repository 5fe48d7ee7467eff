/** Characters of which a terminal shows nothing: no width, no ink. They would only mislead whoever reads or searches. */
const UNSEEN =
  /[\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu
const NOT_PLAIN =
  /(?![\t\n])[\p{Cc}\p{Cs}\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/u
/** Nearly every text, and told many times sooner. */
const ASCII = /^[\t\n -~]*$/
/** Half of a surrogate pair is no character. */
const HALF = /\p{Cs}/gu

/** DEC Special Graphics, 0x60 to 0x7e. */
const LINES = '◆▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·'

/** Whether a text is what a terminal would show of it. */
export function isPlain(text: string): boolean {
  return ASCII.test(text) || !NOT_PLAIN.test(text)
}

/** What a terminal shows of a text without controls. */
export function shown(text: string): string {
  return text.replace(UNSEEN, '').replace(HALF, '\ufffd')
}

/** What letters look like while the set of line drawing characters is chosen. */
export function asLines(text: string): string {
  return text.replace(/[`-~]/g, (character) => LINES[character.charCodeAt(0) - 0x60] ?? character)
}
