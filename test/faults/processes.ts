import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Totals } from '../../src/ingest/totals.ts'

const WRITER = new URL('./writer.js', import.meta.url).pathname

export interface WriterOptions {
  lake: string
  paths: readonly string[]
  batchObjects?: number
  reverse?: boolean
  twice?: boolean
  /** What fails in the middle of the run. */
  fail?: 'list' | 'read' | 'acknowledge'
  since?: string
  until?: string
}

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  totals?: Totals
  /** The longest time between two commits, in milliseconds. */
  longest?: number
  error?: { name: string; message: string; file?: string; remedy?: string }
  output: string
}

export interface Running {
  child: ChildProcess
  /** Resolves once the library is loaded and the work begins. */
  ready: Promise<void>
  ended: Promise<Ended>
}

export interface SpawnOptions {
  /** The step to be killed at, as `staged` or `staged:3`. */
  killAt?: string
  env?: Record<string, string>
  uid?: number
  gid?: number
}

/** A process that hangs is a fault of its own. */
const LONGEST_MS = 240_000

/** Starts a writer in a process of its own. */
export function startWriter(options: WriterOptions, { killAt, env, uid, gid }: SpawnOptions = {}): Running {
  const child = spawn(process.execPath, [WRITER, JSON.stringify(options)], {
    env: { ...process.env, ...env, ...(killAt === undefined ? {} : { LOGLAKE_KILL_AT: killAt }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  })
  let output = ''
  let errors = ''
  let begin: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    begin = resolve
  })
  child.stdout?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    if (output.includes('ready\n')) begin()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`a writer hangs: ${JSON.stringify(options)}\n${output}\n${errors}`))
    }, LONGEST_MS)
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(late)
      begin()
      const last = output.trim().split('\n').at(-1) ?? ''
      const told = last.startsWith('{') ? (JSON.parse(last) as Partial<Ended>) : {}
      resolve({ code, signal, ...told, output: `${output}${errors}` })
    })
  })
  ended.catch(() => undefined)
  return { child, ready, ended }
}

/** Runs a writer to its end. */
export async function runWriter(options: WriterOptions, how: SpawnOptions = {}): Promise<Ended> {
  return await startWriter(options, how).ended
}

/** A fresh folder for one trial, in a place of this test run's own. */
export function freshFolder(name: string): string {
  root ??= mkdtempSync(join(tmpdir(), 'faults-'))
  // Writers of other users look in here.
  chmodSync(root, 0o755)
  const folder = join(root, `${name}-${next++}`)
  mkdirSync(folder, { recursive: true })
  return folder
}

let root: string | undefined
let next = 0

/** The folder that holds all of this test run's, to be removed behind it. */
export function ownRoot(): string | undefined {
  return root
}
