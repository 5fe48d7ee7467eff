/**
 * Repairs terminal output that Session Manager's agent has altered before logging it: it cuts the output in
 * pieces, and removes or adds carriage returns. Only recognizable damage is repaired, before the output is
 * interpreted.
 */
export function mend(output: string): Mended {
  return lineEnds(output.replace(CUT_SEQUENCES, ''))
}

export interface Mended {
  text: string
  /** Whether a line feed also returns to the beginning of the line. */
  newline: boolean
}

/** Whether the beginning may be the rest of an escape sequence. */
export function mayBeCut(output: string): boolean {
  return CUT_SEQUENCES.test(output)
}

/**
 * A piece may begin inside an escape sequence: only text that is very unlikely otherwise is taken for the
 * rest of one.
 */
const CUT_SEQUENCES =
  /^(?:\[\?\d{1,4}(?:;\d{1,4})*[hl]|\[\d{1,3}(?:;\d{1,3})*m(?![\] ])|\[[0-3]?[JK](?![\]A-Za-z ]))+/

/**
 * Where all carriage returns were removed, a line feed starts a new line. Where they are present, a line feed
 * without one moves straight down. A transcript in S3 was made by `script`, which adds one carriage return
 * before each line feed of the terminal.
 */
function lineEnds(output: string): Mended {
  if (!output.includes('\r\n')) return { text: output, newline: true }
  const body = output.indexOf('\n') + 1
  let lines = 0
  let twice = 0
  for (let at = output.indexOf('\n', body); at >= 0; at = output.indexOf('\n', at + 1)) {
    if (output[at - 1] !== '\r') return { text: output, newline: false }
    lines++
    if (output[at - 2] === '\r') twice++
  }
  if (lines === 0 || twice * 2 < lines) return { text: output, newline: false }
  return { text: output.slice(0, body) + output.slice(body).replaceAll('\r\n', '\n'), newline: false }
}
