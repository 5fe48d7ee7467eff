/**
 * The real `loglake run` on a corpus, until it ends by itself: the time of the intake, the time that followers needed after it, and the
 * memory of all its processes together. Times are from its own journal.
 */
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { median } from './measure.ts'

const PROGRAM = fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url))
const LOOK_MS = 500

export interface InRun {
  /** From the start of reading to the last commit of the source. */
  seconds: number
  /** Processor time until then of the run's own process, and of its followers' process, in seconds. Other programs hardly affect it. */
  processor: number
  followersProcessor: number
  /** From the source's last commit until the last follower had read all; unknown for a run that was stopped. */
  lagSeconds?: number
  /** Peak memory of its processes together, and the share of the run's own process then; in MiB, shared pages counted once. */
  memory: number
  ownMemory: number
  /** Rows that each follower added to tables. */
  written: Record<string, number>
}

interface Told {
  time: number
  msg: string
  source?: string
  follower?: string
  stored?: number
  written?: number
  failure?: string
}

/**
 * @param more YAML in addition to the lake and the source
 * @param untilRead whether it runs until followers have read all; otherwise it is stopped when the source has ended
 */
export async function inRun(
  place: string,
  corpus: string,
  { more, events, untilRead }: { more: string; events: number; untilRead: boolean },
): Promise<InRun> {
  rmSync(place, { recursive: true, force: true })
  const config = `${place}.yaml`
  writeFileSync(
    config,
    `lake: ${join(place)}\nsources: {bench: {type: folder, paths: [${corpus}], watch: false}}\n${more}`,
  )
  const child = spawn(process.execPath, [PROGRAM, 'run', '--config', config, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const closed = new Promise((resolve) => child.on('close', resolve))
  let most = { memory: 0, ownMemory: 0 }
  const looking = setInterval(() => {
    const now = memoryOf(child.pid ?? 0)
    if (now.memory > most.memory) most = now
  }, LOOK_MS)
  let worked = { processor: 0, followersProcessor: 0 }
  const told: Told[] = []
  for await (const line of createInterface({ input: child.stderr })) {
    if (!line.startsWith('{')) throw new Error(`loglake run says: ${line}`)
    const one = JSON.parse(line) as Told
    told.push(one)
    if (one.failure !== undefined) throw new Error(`loglake run: ${one.msg}: ${one.failure}`)
    if (one.msg.startsWith('committed')) worked = processorOf(child.pid ?? 0)
    if (one.msg === 'source ended' && !untilRead) child.kill('SIGTERM')
  }
  clearInterval(looking)
  const code = await closed
  if (code !== 0) throw new Error(`loglake run ended with ${code}`)
  const committed = told.filter(({ msg, source }) => source !== undefined && msg.startsWith('committed'))
  const last = committed.at(-1)
  if (last?.stored !== events) throw new Error(`${last?.stored} of ${events} events are in the lake`)
  const begun = told.find(({ msg }) => msg === 'source started')?.time ?? Number.NaN
  const ends = told.filter(({ msg }) => msg === 'follower ended')
  const written = Object.fromEntries(ends.map(({ follower = '', written = 0 }) => [follower, written]))
  return {
    seconds: (last.time - begun) / 1000,
    ...(untilRead ? { lagSeconds: Math.max(0, ...ends.map(({ time }) => time - last.time)) / 1000 } : {}),
    ...most,
    ...worked,
    written,
  }
}

function childrenOf(pid: number): string[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
}

/** The memory of a process and its children; nothing where the system does not show it. */
function memoryOf(pid: number): Pick<InRun, 'memory' | 'ownMemory'> {
  try {
    const all = [String(pid), ...childrenOf(pid)].map(
      (one) =>
        Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${one}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1024,
    )
    return { memory: sum(all), ownMemory: all[0] ?? 0 }
  } catch {
    return { memory: 0, ownMemory: 0 }
  }
}

/** Linux counts in hundredths of a second. */
const TICK = 0.01

/** The same for processor time. */
function processorOf(pid: number): Pick<InRun, 'processor' | 'followersProcessor'> {
  const secondsOf = (one: string) => {
    const [, user = 0, system = 0] =
      /\) (?:\S+ ){11}(\d+) (\d+)/.exec(readFileSync(`/proc/${one}/stat`, 'utf8')) ?? []
    return (Number(user) + Number(system)) * TICK
  }
  try {
    return {
      processor: secondsOf(String(pid)),
      followersProcessor: sum(childrenOf(pid).map(secondsOf)),
    }
  } catch {
    return { processor: Number.NaN, followersProcessor: Number.NaN }
  }
}

function sum(all: readonly number[]): number {
  return all.reduce((before, one) => before + one, 0)
}

export interface Beside {
  /** Ratios with and without the measured part, turn by turn: of the intake's wall-clock time, and of its process's processor time. */
  ratios: number[]
  processors: number[]
  without: InRun
  with: InRun
}

/** Runs with and without the measured part alternate; the last one with it continues until followers have read all. */
export async function besides(
  place: string,
  corpus: string,
  { events, turns, bare, full }: { events: number; turns: number; bare: string; full: string },
): Promise<Beside> {
  const ratios: number[] = []
  const processors: number[] = []
  for (let turn = 1; ; turn++) {
    const without = await inRun(place, corpus, { more: bare, events, untilRead: true })
    const loaded = await inRun(place, corpus, { more: full, events, untilRead: turn === turns })
    ratios.push(loaded.seconds / without.seconds)
    processors.push(loaded.processor / without.processor)
    console.error(`  turn ${turn}: ${toldOf(without)} without, ${toldOf(loaded)} with`)
    if (turn === turns) return { ratios, processors, without, with: loaded }
  }
}

function toldOf({ seconds, processor, followersProcessor }: InRun): string {
  return `${seconds.toFixed(1)} s, ${processor.toFixed(1)} + ${followersProcessor.toFixed(1)} s of processor time`
}

/** The results as a sentence. */
export function besideText({ ratios, processors, without, with: full }: Beside): string {
  const percent = (ratio: number) => `${((ratio - 1) * 100).toFixed(1)} %`
  return `${percent(median(ratios))} longer (${ratios.map(percent).join(', ')}): ${toldOf(without)} without, ${toldOf(full)} with in the last turn; processor time of intake's own process ${percent(median(processors))} more (${processors.map(percent).join(', ')}); followers were through ${full.lagSeconds?.toFixed(1)} s later. Memory of all processes ${without.memory.toFixed(0)} MiB without, ${full.memory.toFixed(0)} MiB with, ${full.ownMemory.toFixed(0)} of it the run's own`
}
