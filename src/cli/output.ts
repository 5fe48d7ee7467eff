import { once } from 'node:events'
import type { WriteStream } from 'node:tty'
import { LakeError, sentence, UserError } from '../lib/errors.ts'
import { visible } from '../lib/terminal.ts'

/** How a run ended, for whoever started it. */
export const EXIT = { done: 0, failure: 1, mistake: 2, rejects: 3, interrupted: 130 } as const

/** Data goes to stdout; whoever stops reading it (`| head`) has seen enough. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Everything that is not data goes to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** A pipe that is closed at its other end is no error. */
export function leaveQuietly(): void {
  process.stdout.on('error', (thrown: NodeJS.ErrnoException) => {
    if (thrown.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done)
    throw thrown
  })
  process.stderr.on('error', () => undefined)
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
  const [first = '', ...rest] = sentence(thrown).trimEnd().split('\n').map(visible)
  note([`${red('error:')} ${first}`, ...rest].join('\n'))
  if (debug && thrown instanceof Error) note(dim((thrown.stack ?? '').split('\n').map(visible).join('\n')))
  else if (!(thrown instanceof UserError || thrown instanceof LakeError))
    note(dim('This should not happen. Run it again with --debug and report what it says, please.'))
  return thrown instanceof UserError ? EXIT.mistake : EXIT.failure
}
