import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The program as it is installed: `npm run build` makes it. */
export const PROGRAM = fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url))
/** CloudTrail's part of the sample logs. */
export const SAMPLES = fileURLToPath(new URL('../../samples/logs/AWSLogs/', import.meta.url))
/** All sample logs. */
export const ALL_SAMPLES = fileURLToPath(new URL('../../samples/logs/', import.meta.url))

export interface Ended {
  code: number | null
  out: string
  err: string
}

export interface RunOptions {
  input?: string
  cwd?: string
  env?: Record<string, string>
  /** Called once the process is there. */
  started?(child: ChildProcess): void
}

/** Where tests leave what they make. */
export function freshFolder(): string {
  return mkdtempSync(join(tmpdir(), 'loglake-e2e-'))
}

/** A folder without a configuration. */
export const nowhere = freshFolder()

/** Runs the program in a folder without a configuration, its output in pipes. */
export function loglake(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return run(process.execPath, [PROGRAM, ...args], options)
}

export function run(
  command: string,
  args: readonly string[],
  { input, cwd = nowhere, env = {}, started }: RunOptions = {},
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env } })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => out.push(part))
    child.stderr.on('data', (part: Buffer) => err.push(part))
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({ code, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() }),
    )
    child.stdin.on('error', () => undefined)
    child.stdin.end(input ?? '')
    started?.(child)
  })
}

/** The rows of an answer, which must be one. */
export async function rowsOf<Row = Record<string, unknown>>(
  lake: string,
  sql: string,
  call = loglake,
): Promise<Row[]> {
  const { code, out, err } = await call(['query', sql, '--lake', lake, '--format', 'json'])
  if (code !== 0) throw new Error(`${sql}\n${err}`)
  return JSON.parse(out) as Row[]
}

// Everything that a terminal may obey, but for the ends of lines.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
export const OBEYED = /[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
