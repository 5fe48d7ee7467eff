import { once } from 'node:events'
import type { WriteStream } from 'node:tty'
import { isOutOfMemory, LakeError, sentence, UserError } from '../../lib/errors.ts'
import { withoutSecrets } from '../../lib/secrets.ts'
import { visible } from '../../lib/terminal.ts'
import { ModelError } from '../../model/errors.ts'

/** How a run ended, for the program that started it. */
export const EXIT = { done: 0, failure: 1, mistake: 2, rejects: 3, interrupted: 130 } as const

/** Data goes to stdout; a reader that stops (`| head`) has seen enough. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Everything that is not data goes to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** No secret of the configuration leaves as text, whichever code writes it, a library's too. */
export function keepToOurselves(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean
    stream.write = ((chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === 'string' ? withoutSecrets(chunk) : chunk, ...rest)) as typeof stream.write
  }
}

/** A pipe that is closed at its other end is no error; what else keeps an answer from being written is one, and ends it. */
export function leaveQuietly(): void {
  process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done)
    tell(outputError(thrown), false)
    process.exit(EXIT.failure)
  })
  process.stderr.on('error', () => undefined)
  process.on('uncaughtException', (thrown) => {
    tell(thrown, process.argv.includes('--debug'))
    process.exit(EXIT.failure)
  })
}

/** Why the answer could not be written. */
function outputError(thrown: NodeJS.ErrnoException): LakeError {
  const full = thrown.code === 'ENOSPC' || thrown.code === 'EDQUOT' || thrown.code === 'EFBIG'
  return new LakeError(
    full ? 'no space left for the answer' : `the answer cannot be written: ${sentence(thrown)}`,
    {
      file: 'standard output',
      remedy: full
        ? 'free some space on that disk, or write it elsewhere; then run again'
        : 'see the cause above',
      cause: thrown,
    },
  )
}

export interface Paint {
  bold(text: string): string
  dim(text: string): string
  red(text: string): string
  yellow(text: string): string
}

/** Emphasis where a person reads along and has not asked for none (https://no-color.org). */
export function paint(stream: NodeJS.WriteStream | WriteStream): Paint {
  const plain = !stream.isTTY || (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb'
  const with_ = (on: number, off: number) => (text: string) =>
    plain ? text : `\x1b[${on}m${text}\x1b[${off}m`
  return { bold: with_(1, 22), dim: with_(2, 22), red: with_(31, 39), yellow: with_(33, 39) }
}

/** Columns of the terminal; a pipe has no edge. */
export function paperWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY
}

/** Says what went wrong, once and in one place. An error's text may quote a log, so it is made visible. */
export function tell(thrown: unknown, debug: boolean): number {
  const { red, dim } = paint(process.stderr)
  // A tab is a space here: an engine's error marks a place in the line above.
  const [first = '', ...rest] = wordsOf(thrown)
    .trimEnd()
    .split('\n')
    .map((line) => visible(line.replaceAll('\t', ' ')))
  note([`${red('error:')} ${first}`, ...rest].join('\n'))
  const isSaid =
    thrown instanceof UserError ||
    thrown instanceof LakeError ||
    thrown instanceof ModelError ||
    isOutOfMemory(thrown)
  if (debug && thrown instanceof Error) note(dim((thrown.stack ?? '').split('\n').map(visible).join('\n')))
  else if (!isSaid)
    note(dim('This should not happen. Run it again with --debug and report what it says, please.'))
  return thrown instanceof UserError ? EXIT.mistake : EXIT.failure
}

function wordsOf(thrown: unknown): string {
  if (!isOutOfMemory(thrown)) return sentence(thrown)
  return `the engine needs more memory than it may take\n  way out: give it more with --memory, or with \`memory\` in loglake.yaml, or fewer threads (--threads)\n  it says: ${sentence(thrown).split('\n')[0]}`
}
