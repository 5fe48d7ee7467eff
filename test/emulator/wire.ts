import { full } from '../faults/form.ts'
import type { Fault, Seen } from './proxy.ts'

/** What goes wrong between a worker and the services, chosen request by request. */
export interface WireFault {
  fault: string
  /** Each trial has one of its own, with numbers from 0 to 1 that are the same every time. */
  strike(random: () => number): (seen: Seen) => Fault | undefined
  /** Only in the long form: it takes as long as a client waits. */
  slow?: boolean
}

const SKEW_MS = 15 * 60_000

/** Whether it is a request for an object of a bucket with logs. */
export function readsLog({ method, path }: Seen): boolean {
  return method === 'GET' && /^\/[^/]+\/AWSLogs\//.test(path)
}

const asksQueue = ({ headers }: Seen) => headers['x-amz-target'] !== undefined

/** One request in so many, of those that are meant. */
function some(share: number, fault: (seen: Seen) => Fault | undefined): WireFault['strike'] {
  return (random) => (seen) => (random() < share ? fault(seen) : undefined)
}

/** The first so many requests that are meant. */
function first(max: number, meant: (seen: Seen) => boolean, fault: Fault): WireFault['strike'] {
  return () => {
    let left = max
    return (seen) => (meant(seen) && left-- > 0 ? fault : undefined)
  }
}

/** How services say that there are too many requests: each in its own way. */
function throttled(seen: Seen): Fault {
  if (asksQueue(seen)) return { kind: 'refuse', status: 403, code: 'RequestThrottled' }
  // An answer to HEAD has no body to say it in: S3 says it with its status.
  if (seen.method === 'HEAD') return { kind: 'refuse', status: 503, code: 'SlowDown' }
  return { kind: 'refuse', status: 400, code: 'ThrottlingException' }
}

/** What AWS answers to whoever signs with a clock that is wrong by more than a quarter of an hour. */
export function skewed(seen: Seen): Fault | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(....)(..)(..)T(..)(..)(..)Z$/.exec(String(seen.headers['x-amz-date'])) ?? []
  const signed = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Math.abs(signed - Date.now()) <= SKEW_MS) return undefined
  const message = 'Signature expired: the difference to the time of the server is too large'
  return asksQueue(seen)
    ? { kind: 'refuse', status: 403, code: 'InvalidSignatureException', message }
    : { kind: 'refuse', status: 403, code: 'RequestTimeTooSkewed', message }
}

/** What strikes in turns. */
const all: Fault[] = [
  { kind: 'lose' },
  { kind: 'drop' },
  { kind: 'refuse', status: 500, code: 'InternalError' },
  { kind: 'deny', status: 500, code: 'InternalError' },
  { kind: 'refuse', status: 503, code: 'SlowDown' },
  { kind: 'cut' },
  { kind: 'short' },
  { kind: 'delay', ms: 300 },
]

/**
 * Of the requests of a worker whose lake is on S3, three hundred: in the short form enough for thirty strikes, each of which a
 * client waits for.
 */
const MANY = full ? 0.25 : 0.1

export const WIRE: readonly WireFault[] = [
  { fault: 'latency', strike: some(2 * MANY, () => ({ kind: 'delay', ms: 400 })) },
  { fault: '500', strike: some(MANY, () => ({ kind: 'refuse', status: 500, code: 'InternalError' })) },
  {
    fault: '500, though it was done',
    strike: some(0.2, () => ({ kind: 'deny', status: 500, code: 'InternalError' })),
  },
  {
    fault: '503 SlowDown',
    strike: some(MANY, () => ({ kind: 'refuse', status: 503, code: 'SlowDown' })),
  },
  { fault: 'throttling', strike: some(0.25, throttled) },
  { fault: 'connection lost before the request', strike: some(0.2, () => ({ kind: 'drop' })) },
  { fault: 'connection lost before the answer', strike: some(MANY, () => ({ kind: 'lose' })) },
  { fault: 'connection cut in the middle of a body', strike: some(MANY, () => ({ kind: 'cut' })) },
  { fault: 'a body shorter than promised', strike: some(MANY, () => ({ kind: 'short' })) },
  {
    fault: 'a body shorter than the object, its length with it',
    strike: some(0.25, (seen) => (readsLog(seen) ? { kind: 'shorten' } : undefined)),
  },
  { fault: 'silence in the middle of a body', strike: first(2, readsLog, { kind: 'stall' }), slow: true },
  {
    fault: 'all of these, in turns',
    strike: (random) => (_) => (random() < 0.15 ? all[Math.floor(random() * all.length)] : undefined),
  },
]
