import { setTimeout as wait } from 'node:timers/promises'
import type { Lake } from '../lake/lake.ts'
import { Interrupted } from '../lib/errors.ts'
import type { Outage } from './patience.ts'

/**
 * A route's state besides its cursor: small files in the lake. With write access to the lake, a person can
 * pause a route on every machine that runs it, and a process that waits for a receiver shows it to all
 * others.
 */
export interface Pause {
  /** The time, as in 2026-01-07T22:16:43.000Z. */
  at: string
  because: string
}

/** Pauses a route; false when it is already paused. */
export async function pauseRoute(lake: Lake, route: string, because: string): Promise<boolean> {
  const pause: Pause = { at: new Date().toISOString(), because }
  return await lake.storage.create(pauseKey(route), Buffer.from(JSON.stringify(pause)))
}

/** Resumes a route; false when it was not paused. */
export async function resumeRoute(lake: Lake, route: string): Promise<boolean> {
  if (!(await pauseOf(lake, route))) return false
  await lake.storage.remove(pauseKey(route))
  return true
}

export async function pauseOf(lake: Lake, route: string): Promise<Pause | undefined> {
  const bytes = await lake.storage.find(pauseKey(route))
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Pause)
}

const LOOK_MS = 2_000

/** A gate that is closed while the route is paused; it checks every two seconds. */
export function pauseGate(lake: Lake, route: string): (signal: AbortSignal) => Promise<void> {
  let lookedMs = 0
  return async (signal) => {
    if (Date.now() - lookedMs < LOOK_MS) return
    while (await pauseOf(lake, route)) {
      await wait(LOOK_MS, undefined, { signal }).catch(() => {
        throw new Interrupted('the delivery was stopped')
      })
    }
    lookedMs = Date.now()
  }
}

/** The outage that a route waits for. */
export interface Waiting extends Omit<Outage, 'sinceMs' | 'retryMs'> {
  since: string
}

/** Notes in the lake that a receiver does not answer; outages shorter than `SHORT_MS` are not noted. */
export function outageNote(lake: Lake, route: string): (outage: Outage | undefined) => void {
  let said: string | undefined
  let busy: Promise<unknown> = Promise.resolve()
  return (outage) => {
    const next = outage && Date.now() - outage.sinceMs > SHORT_MS ? outage : undefined
    if (next?.why === said && (outage !== undefined || said === undefined)) return
    if (outage !== undefined && next === undefined) return
    said = next?.why
    busy = busy.then(() => write(lake, route, next)).catch(() => undefined)
  }
}

const SHORT_MS = 5_000

async function write(lake: Lake, route: string, outage: Outage | undefined): Promise<void> {
  await lake.storage.remove(waitingKey(route)).catch(() => undefined)
  if (!outage) return
  const { why, attempts, sinceMs } = outage
  const waiting: Waiting = { why: why.slice(0, 500), attempts, since: new Date(sinceMs).toISOString() }
  await lake.storage.create(waitingKey(route), Buffer.from(JSON.stringify(waiting)))
}

export async function waitingOf(lake: Lake, route: string): Promise<Waiting | undefined> {
  const bytes = await lake.storage.find(waitingKey(route))
  return bytes && (JSON.parse(Buffer.from(bytes).toString()) as Waiting)
}

function pauseKey(route: string): string {
  return `control/pause/${encodeURIComponent(route)}.json`
}

function waitingKey(route: string): string {
  return `control/outage/${encodeURIComponent(route)}.json`
}
