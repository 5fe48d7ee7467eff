/**
 * Terminal output as Session Manager's agent logs it has been through its hands: cut in pieces, carriage returns taken
 * out or put in. What can be told to be such damage is mended before the output is obeyed.
 */
export function mend(output: string): Mended {
  return lineEnds(output.replace(CUT_SEQUENCES, ''))
}

export interface Mended {
  text: string
  /** A line feed goes to the beginning of the next line, on every screen. */
  newline: boolean
}

/** Whether the beginning may be the rest of a sequence. */
export function mayBeCut(output: string): boolean {
  return CUT_SEQUENCES.test(output)
}

/** A piece may begin in the middle of a sequence: only what can hardly be text is taken for the rest of one. */
const CUT_SEQUENCES =
  /^(?:\[\?\d{1,4}(?:;\d{1,4})*[hl]|\[\d{1,3}(?:;\d{1,3})*m(?![\] ])|\[[0-3]?[JK](?![\]A-Za-z ]))+/

/**
 * Where the carriage returns are gone, a line feed begins a new line everywhere. Where they are all there, one without is
 * a program's way to go straight down. A transcript in S3 was made by `script` of a file, which puts one carriage return
 * more before each line feed than the terminal wrote.
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
