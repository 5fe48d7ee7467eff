import { type ChildProcess, fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { type Ended, loglake, nowhere, type RunOptions, rowsOf as rowsOfCall } from './program.ts'

// A start of the program takes most of the time of a short command. In tests that call it often, the first call of each
// command is a start of its own, which has to load all that it needs and to end by itself. Calls after it go to one
// process that has the program loaded.

const HOST = fileURLToPath(new URL('./warm-program.js', import.meta.url))
const started = new Set<string>()
let host: ChildProcess | undefined
let isBusy = false
let calls = 0

/** They end when they are told to, and start processes of their own. */
const LASTING = ['run', 'serve', 'mcp']

/**
 * Calls the program as `loglake` does. What needs a process of its own gets one: standard input, signals, kills, and
 * calls beside another.
 */
export async function warm(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const [command = ''] = args
  const { input, started: onStart, env = {} } = options
  const isAlone = input !== undefined || onStart !== undefined || 'LOGLAKE_KILL_AT' in env
  if (isBusy || isAlone || LASTING.includes(command) || !started.has(command)) {
    started.add(command)
    return await loglake(args, options)
  }
  isBusy = true
  try {
    return await called(args, options)
  } finally {
    isBusy = false
  }
}

/** The rows of an answer, which must be one. */
export function rowsOf<Row = Record<string, unknown>>(lake: string, sql: string): Promise<Row[]> {
  return rowsOfCall<Row>(lake, sql, warm)
}

async function cool(): Promise<void> {
  const child = host
  host = undefined
  if (!child?.connected) return
  // There is no event `close` where the parent has closed the channel.
  const exited = once(child, 'exit')
  child.disconnect()
  await exited
}
afterAll(cool)

async function called(args: readonly string[], { cwd = nowhere, env = {} }: RunOptions): Promise<Ended> {
  host ??= fork(HOST, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] })
  const child = host
  const mark = `\0${randomUUID()}\0`
  const streams = [child.stdout, child.stderr].map((stream) =>
    readUntil(mark, stream as NodeJS.ReadableStream),
  )
  let onClose = (_code: number | null) => {}
  const closed = new Promise<number | null>((resolve) => {
    onClose = resolve
  })
  child.once('close', onClose)
  child.send({ number: ++calls, args, cwd, env: { ...process.env, ...env }, mark })
  // The program ends its process where it cannot go on; otherwise the mark has its exit code.
  const code = await Promise.race([
    closed,
    Promise.all(streams.map(({ ended }) => ended)).then(([code]) => code),
  ])
  child.off('close', onClose)
  if (child.exitCode !== null || child.signalCode !== null) host = undefined
  const [out = '', err = ''] = streams.map(({ leave }) => leave())
  return { code: code ?? null, out, err }
}

/** Reads a stream until the mark of a call's end, between two of which is the exit code. */
function readUntil(mark: string, stream: NodeJS.ReadableStream) {
  let text = ''
  const parts: Buffer[] = []
  let end = (_code: number) => {}
  const ended = new Promise<number>((resolve) => {
    end = resolve
  })
  const onData = (part: Buffer) => {
    parts.push(part)
    if (part.at(-1) !== 0) return
    text = Buffer.concat(parts).toString()
    const [before = '', code, after] = text.split(mark)
    if (after === undefined) return
    text = before
    parts.length = 0
    end(Number(code))
  }
  stream.on('data', onData)
  const leave = () => {
    stream.off('data', onData)
    return parts.length > 0 ? Buffer.concat(parts).toString() : text
  }
  return { ended, leave }
}
