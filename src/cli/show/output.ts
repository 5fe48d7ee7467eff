import { once } from 'node:events'
import { tmpdir } from 'node:os'
import type { WriteStream } from 'node:tty'
import {
  isOutOfMemory,
  isRefusedBySystem,
  LakeError,
  sentence,
  systemError,
  UserError,
} from '../../lib/errors.ts'
import { keepSecret, withoutSecrets } from '../../lib/secrets.ts'
import { visible } from '../../lib/terminal.ts'
import { ModelError } from '../../model/errors.ts'

/** Exit codes, for the calling program. */
export const EXIT = { done: 0, failure: 1, mistake: 2, rejects: 3, interrupted: 130 } as const

/** Writes data to stdout; a reader that stops early (`| head`) is no error. */
export async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Writes everything else to stderr. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** Masks secrets of the environment and the configuration in all output, also that of libraries. */
export function keepToOurselves(): void {
  for (const name of ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'LOGLAKE_HASH_KEY'])
    keepSecret(process.env[name] ?? '')
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: unknown, ...rest: unknown[]) => boolean
    stream.write = ((chunk: unknown, ...rest: unknown[]) =>
      write(typeof chunk === 'string' ? withoutSecrets(chunk) : chunk, ...rest)) as typeof stream.write
  }
}

/** A closed pipe is no error; any other failure to write the answer is one, and ends it. */
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

/** Colours, for a person who has not disabled them (https://no-color.org). */
export function paint(stream: NodeJS.WriteStream | WriteStream): Paint {
  const plain = !stream.isTTY || (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb'
  const with_ = (on: number, off: number) => (text: string) =>
    plain ? text : `\x1b[${on}m${text}\x1b[${off}m`
  return { bold: with_(1, 22), dim: with_(2, 22), red: with_(31, 39), yellow: with_(33, 39) }
}

/** Columns of the terminal; a pipe has no limit. */
export function paperWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns || 80 : Number.POSITIVE_INFINITY
}

/** A full disk and a missing permission are no faults of the program, whichever step met them. */
function withRemedy(thrown: unknown): unknown {
  if (!isRefusedBySystem(thrown)) return thrown
  const { path } = thrown as NodeJS.ErrnoException
  return systemError('write', path ?? `of the lake, or in ${tmpdir()}`, thrown, {
    full: 'free some space on both disks, then run again: nothing was half written',
    forbidden: 'give the user who runs loglake permission for that file',
    other: 'see the cause above',
  })
}

/** Prints an error once. Its text may quote a log, so control characters are made visible. */
export function tell(given: unknown, debug: boolean): number {
  const { red, dim } = paint(process.stderr)
  const thrown = withRemedy(given)
  // A tab becomes a space: an engine's error marks a position in the line above.
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
  if (debug && given instanceof Error) note(dim((given.stack ?? '').split('\n').map(visible).join('\n')))
  else if (!isSaid)
    note(dim('This should not happen. Run it again with --debug and report what it says, please.'))
  return thrown instanceof UserError ? EXIT.mistake : EXIT.failure
}

function wordsOf(thrown: unknown): string {
  if (!isOutOfMemory(thrown)) return sentence(thrown)
  return `the engine needs more memory than it may take\n  way out: give it more with --memory, or with \`memory\` in loglake.yaml, or fewer threads (--threads)\n  it says: ${sentence(thrown).split('\n')[0]}`
}
