import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Rules as YAML, and events to try them on. */
export interface Question {
  rules: readonly string[]
  events: readonly object[]
}

/** By title the places of events that match; of a correlation its alerts, as the judge writes them. */
export type Verdict = { matches: Record<string, unknown[]> } | { error: string }

/** pySigma with its SQLite backend, in the Python of test/python.sh. */
export async function askPySigma(cases: readonly Question[]): Promise<Verdict[]> {
  const script = resolve('test/interop/sigma_judge.py')
  return JSON.parse(await output('.venv/bin/python', [script], JSON.stringify({ cases }))) as Verdict[]
}

/** Where rsigma is installed: `cargo install rsigma --version 0.23.0 --locked`. */
export function findRsigma(): string | undefined {
  const named = process.env.RSIGMA
  if (named) return named
  const folders = (process.env.PATH ?? '').split(':')
  return [...folders, join(process.env.HOME ?? '', '.cargo/bin')]
    .map((folder) => join(folder, 'rsigma'))
    .find((file) => existsSync(file))
}

/** The ids of events that rsigma finds for each rule, by title. */
export async function askRsigma(
  program: string,
  { rules, events }: Question,
): Promise<{ matches: Map<string, string[]> } | { error: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'rsigma-'))
  try {
    for (const [at, rule] of rules.entries()) writeFileSync(join(folder, `rule-${at}.yml`), rule)
    const file = join(folder, 'events.ndjson')
    writeFileSync(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    const args = ['--output-format', 'ndjson', 'engine', 'eval', '-r', folder, '-e', `@${file}`]
    const text = await output(program, [...args, '--include-event'])
    const matches = new Map<string, string[]>()
    for (const line of text.split('\n').filter((one) => one.startsWith('{'))) {
      const hit = JSON.parse(line) as { rule_title?: string; title?: string; event?: { eventID?: string } }
      const title = hit.rule_title ?? hit.title ?? ''
      matches.set(title, [...(matches.get(title) ?? []), hit.event?.eventID ?? ''])
    }
    return { matches }
  } catch (thrown) {
    return { error: String(thrown) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function output(program: string, args: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk))
  // Who does not read it may be gone before it is written.
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = await new Promise<number | null>((done, failed) => {
    child.on('close', done)
    child.on('error', failed)
  })
  if (code !== 0)
    throw new Error(`${program} ended with ${code}: ${Buffer.concat(errors).toString().slice(-2000)}`)
  return Buffer.concat(chunks).toString()
}

/** The CloudTrail records of all files of a folder, also those of AWS's older form without a version. */
export function recordsIn(folder: string): Record<string, unknown>[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|cloudtrail)$/.test(name))
    .sort()
    .flatMap((name) => {
      let parsed: unknown
      try {
        parsed = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      } catch {
        return []
      }
      const { Records: records = parsed } = parsed as { Records?: unknown }
      return (Array.isArray(records) ? records : [records]) as Record<string, unknown>[]
    })
}
