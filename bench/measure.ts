import { spawn } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** The output of a benchmark's child process, with its time and memory. */
export interface Run<T> {
  result: T
  seconds: number
  /** Processor time of all its threads, in seconds. */
  processor: number
  /** Peak resident memory, in MiB. */
  memory: number
}

/** Runs a script of build/bench in a process of its own; it prints one line of JSON, with `report`. */
export async function run<T>(script: string, ...args: (string | number)[]): Promise<Run<T>> {
  return await start<T>(script, args).ended
}

export interface Started<T> {
  ended: Promise<Run<T>>
  /** Asks it to end. */
  stop(): void
  kill(): void
}

/** Starts such a process; each line of JSON that it prints before the last is passed on. */
export function start<T>(
  script: string,
  args: readonly (string | number)[],
  told: (line: unknown) => void = () => undefined,
): Started<T> {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('close', resolve)
    child.on('error', reject)
  })
  async function read(): Promise<Run<T>> {
    let last: unknown
    for await (const line of createInterface({ input: child.stdout })) {
      last = JSON.parse(line)
      told(last)
    }
    const code = await closed
    if (code !== 0 || last === undefined) throw new Error(`${script} ended with ${code}`)
    return last as Run<T>
  }
  return { ended: read(), stop: () => child.kill('SIGTERM'), kill: () => child.kill('SIGKILL') }
}

/**
 * For a child process: prints the line that `run` reads.
 *
 * @param since the value of `process.cpuUsage` when measuring began; by default, the whole process is measured
 */
export function report<T>(result: T, seconds: number, since?: NodeJS.CpuUsage): void {
  const { user, system } = process.cpuUsage(since)
  const { maxRSS } = process.resourceUsage()
  console.log(JSON.stringify({ result, seconds, processor: (user + system) / 1e6, memory: maxRSS / 1024 }))
}

/** The value that a share of all values does not exceed: a percentile. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
}

/** The bytes of all files below a folder, or of those whose names count. */
export function bytesBelow(dir: string, counts: (name: string) => boolean = () => true): number {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && counts(entry.name))
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}

/** `2 × Some CPU, 16 GiB, Node v24.1.0` */
export function machine(): string {
  const [first] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpus().length} × ${first?.model.trim() || process.arch}, ${memory} GiB, Node ${process.version}`
}

export interface Line {
  what: string
  measured: string
  /** The project's target, and whether it was met; empty and undefined without a target. */
  wanted: string
  kept: boolean | undefined
}

/** The results as a Markdown table. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ what, measured, wanted, kept }) =>
      `| ${what} | ${measured} | ${wanted} | ${kept === undefined ? '' : kept ? 'yes' : '**no**'} |`,
  )
  return ['| what | measured | wanted | kept |', '|---|---|---|---|', ...rows].join('\n')
}
