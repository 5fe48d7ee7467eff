import { spawn } from 'node:child_process'
import { cpus, totalmem } from 'node:os'

/** What a child process of a benchmark printed, and what it took. */
export interface Run<T> {
  result: T
  seconds: number
  /** Peak resident memory, in MiB. */
  memory: number
}

/** Runs a script of build/bench in a process of its own; it prints one line of JSON with `result`, `seconds`, `memory`. */
export async function run<T>(script: string, ...args: (string | number)[]): Promise<Run<T>> {
  const child = spawn(process.execPath, [new URL(script, import.meta.url).pathname, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  for await (const chunk of child.stdout) text += chunk
  const code: number = await new Promise((resolve) =>
    child.exitCode === null ? child.on('close', resolve) : resolve(child.exitCode),
  )
  const line = text.trim().split('\n').at(-1)
  if (code !== 0 || !line) throw new Error(`${script} ended with ${code}`)
  return JSON.parse(line) as Run<T>
}

/** In a child: prints what `run` reads. */
export function report<T>(result: T, seconds: number): void {
  console.log(JSON.stringify({ result, seconds, memory: process.resourceUsage().maxRSS / 1024 }))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2
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
  /** What the project promises, and whether it was kept. */
  wanted: string
  kept: boolean
}

/** A Markdown table of what was measured. */
export function table(lines: readonly Line[]): string {
  const rows = lines.map(
    ({ what, measured, wanted, kept }) =>
      `| ${what} | ${measured} | ${wanted} | ${kept ? 'yes' : '**no**'} |`,
  )
  return ['| what | measured | wanted | kept |', '|---|---|---|---|', ...rows].join('\n')
}
