import type { X509Certificate } from 'node:crypto'
import type { Storage } from '../../lake/storage/contract.ts'
import { sentence } from '../../lib/errors.ts'
import { LOG } from '../tiles.ts'
import { askAuthority } from './authority.ts'
import { checkStamp } from './check.ts'
import { stampRequest } from './request.ts'
import { noteStanding, type StampStanding, stampStanding } from './standing.ts'

/** Which checkpoints are stamped: each, or the first in an hour or a day. */
export type StampEvery = 'checkpoint' | 'hour' | 'day'

export interface StampOptions {
  url: string
  every: StampEvery
  /** Certificates in which the stamps' chains must end. */
  trusted: () => readonly X509Certificate[]
  /** Where stamps are copied to, and the prefix there. */
  copy?: { storage: Storage; prefix: string } | undefined
  longestMs?: number
  nowMs?: number
}

/** Pause after a failure: an authority that is down delays no second command. */
const RETRY_MS = 5 * 60_000
const LENGTH_MS: Readonly<Record<Exclude<StampEvery, 'checkpoint'>, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
}

/** Keys of a stored stamp: the request, and its answer. */
export function requestKey(size: number, prefix: string = LOG): string {
  return `${prefix}/stamps/${size}.tsq`
}
export function stampKey(size: number, prefix: string = LOG): string {
  return `${prefix}/stamps/${size}.tsr`
}

/**
 * Requests a stamp for a checkpoint when one is due. A failure of the authority stops nothing: it is noted,
 * and retried later.
 *
 * @returns whether there is a new stamp
 */
export async function keepStamp(
  storage: Storage,
  { size, note }: { size: number; note: string },
  options: StampOptions,
): Promise<boolean> {
  const nowMs = options.nowMs ?? Date.now()
  const before = (await stampStanding(storage)) ?? { size: 0, time: null, authority: null, askedMs: 0 }
  if (before.size === size || !isDue(before, options.every, nowMs)) return false
  try {
    const standing = { ...(await stamped(storage, size, note, options)), size, askedMs: nowMs }
    await noteStanding(storage, standing)
    return true
  } catch (thrown) {
    const why = sentence(thrown)
    await noteStanding(storage, { ...before, failure: { at: new Date(nowMs).toISOString(), why } })
    return false
  }
}

function isDue({ askedMs, failure }: StampStanding, every: StampEvery, nowMs: number): boolean {
  if (failure && Math.abs(nowMs - Date.parse(failure.at)) < RETRY_MS) return false
  if (every === 'checkpoint' || askedMs === 0) return true
  return Math.floor(askedMs / LENGTH_MS[every]) !== Math.floor(nowMs / LENGTH_MS[every])
}

/**
 * The request is stored first, by the first writer: all processes send the same request for a checkpoint, so
 * any answer is valid.
 */
async function stamped(
  storage: Storage,
  size: number,
  note: string,
  { url, trusted, copy, longestMs }: StampOptions,
): Promise<Pick<StampStanding, 'time' | 'authority'>> {
  const bytes = Buffer.from(note)
  await storage.create(requestKey(size), stampRequest(bytes))
  const request = Buffer.from(await storage.read(requestKey(size)))
  const known = await storage.find(stampKey(size))
  const response = known ? Buffer.from(known) : await askAuthority(url, request, longestMs)
  const { timeMs, authority } = checkStamp(response, { bytes, request, trusted: trusted() })
  await storage.create(stampKey(size), response)
  await copy?.storage.create(requestKey(size, copy.prefix), request)
  await copy?.storage.create(stampKey(size, copy.prefix), response)
  return { time: new Date(timeMs).toISOString(), authority }
}
