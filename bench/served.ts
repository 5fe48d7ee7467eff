/** A real `loglake serve` in its own process, with the requests of a browser, and its processor time. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { generateCorpus } from './corpus.ts'
import { writeCorpus } from './types/corpus.ts'

const PROGRAM = 'dist/cli/loglake.cjs'
/** Expanded bytes of the other logs: model invocations, and terminal sessions with one stream each. */
const OTHERS = { bedrock_invocation: 100e6, session_log: 20e6 }
/** The unit of `/proc/PID/stat` on Linux, in milliseconds. */
const TICK_MS = 10

/** Makes a lake with its summaries, or reuses that of an earlier run. */
export async function lakeToServe(place: (name: string) => string, events: number): Promise<string> {
  const lake = place(`serve-lake-${events}`)
  if (existsSync(`${lake}.made`)) return lake
  rmSync(lake, { recursive: true, force: true })
  const corpus = place(`corpus-${events}`)
  await generateCorpus({ dir: corpus, events })
  const corpora = Object.entries(OTHERS).map(([type, bytes]) => {
    const dir = place(`corpus-serve-${type}`)
    writeCorpus(type, dir, bytes)
    return dir
  })
  for (const from of [corpus, ...corpora]) loglake('ingest', from, '--lake', lake)
  loglake('follow', 'summaries', '--once', '--lake', lake)
  writeFileSync(`${lake}.made`, '')
  return lake
}

function loglake(...args: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`loglake ${args.join(' ')} ended with ${status}: ${stderr}`)
}

export interface Got {
  status: number
  body: string
  ms: number
  /** Whether the server had the answer already. */
  kept: boolean
}

export type Parameters = Record<string, string | number | readonly string[]>

export interface Server {
  get(path: string, as?: string): Promise<Got>
  ask(operation: string, input?: Parameters, as?: string): Promise<Got>
  /** Processor time of all its threads until now. */
  processorMs(): number
  peakMiB(): number
  stop(): Promise<void>
}

export async function startServer(lake: string): Promise<Server> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', '--lake', lake], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const base = await urlOf(child)
  const agent = new Agent({ keepAlive: true })
  const get = (path: string, as?: string) =>
    new Promise<Got>((done, failed) => {
      const begun = performance.now()
      const headers = as === undefined ? {} : { cookie: `look-as=${encodeURIComponent(as)}` }
      const asked = request(new URL(path, base), { agent, headers }, (response) => {
        let body = ''
        response.setEncoding('utf8')
        response.on('data', (piece) => {
          body += piece
        })
        response.on('error', failed)
        response.on('end', () =>
          done({
            status: response.statusCode ?? 0,
            body,
            ms: performance.now() - begun,
            kept: String(response.headers['server-timing']).includes('cache'),
          }),
        )
      })
      asked.on('error', failed)
      asked.end()
    })
  return {
    get,
    ask: (operation, input = {}, as) => get(addressOf(operation, input), as),
    processorMs() {
      const told = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      const [user, system] = told
        .slice(told.lastIndexOf(')') + 2)
        .split(' ')
        .slice(11, 13)
        .map(Number)
      return ((user as number) + (system as number)) * TICK_MS
    },
    peakMiB() {
      const told = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      return Number(/VmHWM:\s+(\d+)/.exec(told)?.[1]) / 1024
    },
    async stop() {
      agent.destroy()
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

function addressOf(operation: string, input: Parameters): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(input))
    for (const one of [value].flat()) search.append(name, String(one))
  return `/api/${operation}?${search}`
}

async function urlOf(child: ChildProcess): Promise<string> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`loglake serve ended with ${code} before it listened`)
  })
  const [told] = (await Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), ended])) as [
    Buffer,
  ]
  ended.catch(() => undefined)
  return told.toString().trim()
}
