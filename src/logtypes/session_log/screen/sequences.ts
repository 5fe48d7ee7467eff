/**
 * Splits terminal output into a terminal's instructions: text to print, control characters, and escape
 * sequences (ECMA-48, and the states of a VT500 by Paul Williams). It takes one pass without look-back or
 * state between calls, linear in the length of the input.
 *
 * Strings (OSC, DCS, SOS, PM, APC: window titles, clipboard, images) are dropped. They end where a terminal
 * ends them, and also at the end of the line, so that one that is never closed hides no later text.
 */

export interface Orders {
  /** A run of printable characters, from `start` to before `end`. */
  print(start: number, end: number): void
  /** A C0 control at an index of the input. */
  control(code: number, at: number): void
  /** `ESC` with intermediates and a final character; C1 controls are reported the same way. */
  escape(intermediates: string, final: string): void
  /**
   * `CSI`: the private mark (`?`, `>`, …) or ''; parameters, absent ones as 0; intermediates; the final
   * character.
   */
  csi(mark: string, parameters: readonly number[], intermediates: string, final: string): void
}

const ESC = 0x1b
const BEL = 0x07
const LF = 0x0a
const CAN = 0x18
const SUB = 0x1a
const DEL = 0x7f
const ST = 0x9c

/** Limit of all parameters. */
const LARGEST = 9999
const MAX_PARAMETERS = 32

export function obey(input: string, orders: Orders): void {
  const length = input.length
  let at = 0
  while (at < length) {
    const code = input.charCodeAt(at)
    if (code >= 0x20 && (code < DEL || code > 0x9f)) at = text(at)
    else if (code === ESC) at = escaped(at + 1)
    else if (code >= 0x80) at = c1(code, at + 1)
    else {
      orders.control(code, at)
      at++
    }
  }

  function text(start: number): number {
    let end = start + 1
    while (end < length) {
      const code = input.charCodeAt(end)
      if (code < 0x20 || (code >= DEL && code <= 0x9f)) break
      end++
    }
    orders.print(start, end)
    return end
  }

  function c1(code: number, next: number): number {
    if (code === DEL || code === ST) return next
    return introduced(String.fromCharCode(code - 0x40), next)
  }

  /** Reads the sequence after ESC. */
  function escaped(start: number): number {
    let intermediates = ''
    for (let at = start; at < length; at++) {
      const code = input.charCodeAt(at)
      if (code < 0x20) {
        if (code === ESC || code === CAN || code === SUB) return code === ESC ? at : at + 1
        orders.control(code, at)
      } else if (code < 0x30) intermediates = (intermediates + input[at]).slice(0, 4)
      else if (code >= DEL) {
        if (code !== DEL) return at
      } else if (intermediates === '') return introduced(String.fromCharCode(code), at + 1)
      else {
        orders.escape(intermediates, String.fromCharCode(code))
        return at + 1
      }
    }
    return length
  }

  function introduced(final: string, next: number): number {
    if (final === '[') return csi(next)
    if (final === ']') return string(next, true)
    if (final === 'P' || final === 'X' || final === '^' || final === '_') return string(next, false)
    orders.escape('', final)
    return next
  }

  function csi(start: number): number {
    let mark = ''
    let intermediates = ''
    const parameters: number[] = []
    let number = 0
    for (let at = start; at < length; at++) {
      const code = input.charCodeAt(at)
      if (code >= 0x30 && code <= 0x39) number = Math.min(LARGEST, number * 10 + code - 0x30)
      else if (code === 0x3b || code === 0x3a) {
        if (parameters.length < MAX_PARAMETERS) parameters.push(number)
        number = 0
      } else if (code >= 0x3c && code <= 0x3f) mark = String.fromCharCode(code)
      else if (code >= 0x20 && code < 0x30) intermediates = (intermediates + input[at]).slice(0, 4)
      else if (code < 0x20) {
        if (code === ESC || code === CAN || code === SUB) return code === ESC ? at : at + 1
        orders.control(code, at)
      } else if (code >= 0x40 && code < DEL) {
        parameters.push(number)
        orders.csi(mark, parameters, intermediates, String.fromCharCode(code))
        return at + 1
      } else if (code !== DEL) return at
    }
    return length
  }

  function string(start: number, endsAtBell: boolean): number {
    for (let at = start; at < length; at++) {
      const code = input.charCodeAt(at)
      if (code === ESC) return input[at + 1] === '\\' ? at + 2 : at
      if (code === LF) return at
      if (code === ST || code === CAN || code === SUB || (code === BEL && endsAtBell)) return at + 1
    }
    return length
  }
}
