import { spawn } from 'node:child_process'
import { UserError } from '../lib/errors.ts'
import type { Passage, Scorer } from '../scan/contract.ts'

export interface CommandOptions {
  name: string
  version: string
  /** The program and its arguments; it runs without a shell. */
  command: readonly [string, ...string[]]
  /** Its environment; PATH alone by default, so that it gets no credentials of ours. */
  env?: Readonly<Record<string, string>>
}

const MAX_OUTPUT = 1_000_000

/**
 * A command as a scorer: it runs once for each batch, reads one JSON line `{"role": …, "text": …}` for each
 * passage, and writes one line for each, a number or `{"score": number}`.
 *
 * @throws UserError when it cannot be started, ends with an error, or writes anything else
 */
export function commandScorer({ name, version, command, env }: CommandOptions): Scorer {
  return {
    name,
    version,
    async score(passages, signal) {
      const output = await outputOf(name, command, env ?? { PATH: process.env.PATH ?? '' }, passages, signal)
      const lines = output.split('\n').filter((line) => line.trim() !== '')
      if (lines.length !== passages.length)
        throw new UserError(
          `the scorer ${name} wrote ${lines.length} lines for ${passages.length} passages: one for each is wanted`,
        )
      return lines.map((line, index) => scoreOf(name, line, index))
    },
  }
}

function outputOf(
  name: string,
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>>,
  passages: readonly Passage[],
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    // Its stderr is ignored, because it may hold the passages.
    const child = spawn(program, args, {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(signal ? { signal } : {}),
    })
    const pieces: Buffer[] = []
    let length = 0
    child.stdout.on('data', (piece: Buffer) => {
      pieces.push(piece)
      length += piece.length
      if (length > MAX_OUTPUT) child.kill()
    })
    child.on('error', (thrown) => {
      const why = signal?.aborted
        ? 'took too long'
        : `cannot be started: ${(thrown as NodeJS.ErrnoException).code ?? thrown.message}`
      reject(new UserError(`the scorer ${name} ${why}`, { cause: thrown }))
    })
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(pieces).toString('utf8'))
      else reject(new UserError(`the scorer ${name} ended with ${code ?? 'a signal'}`))
    })
    // A command that reads nothing closes its input early: its output decides whether it succeeded.
    child.stdin.on('error', () => {})
    child.stdin.end(passages.map(({ role, text }) => `${JSON.stringify({ role, text })}\n`).join(''))
  })
}

function scoreOf(name: string, line: string, index: number): number {
  try {
    const value = JSON.parse(line) as number | { score?: number }
    const score = typeof value === 'number' ? value : value.score
    if (typeof score === 'number' && score >= 0 && score <= 1) return score
  } catch {
    // Reported below, without the line: it may hold a passage.
  }
  throw new UserError(`the scorer ${name} wrote no score from 0 to 1 in line ${index + 1}`)
}
