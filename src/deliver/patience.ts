/**
 * Sends a batch until the receiver has taken or refused each delivery. During an outage it retries for as
 * long as the caller allows: the pause doubles from `FIRST_MS` to `LONGEST_MS`, a random part of it each
 * time, and never ends before the receiver's `Retry-After` (full jitter: AWS Architecture Blog, "Exponential
 * Backoff And Jitter").
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Interrupted, sentence, UserError } from '../lib/errors.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import type { Answer, Delivery, Receiver, Refused } from './contract.ts'

export interface Patience {
  signal: AbortSignal
  /** How long to wait for the end of an outage; for ever by default. */
  maxMs?: number | undefined
  /** Called at each failed attempt, and with undefined when the outage is over. */
  onOutage?(outage: Outage | undefined): void
  /** Replaced in tests. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>
}

export interface Outage {
  /** The receiver's answer, or why it was not reached. */
  why: string
  attempts: number
  sinceMs: number
  retryMs: number
}

const FIRST_MS = 500
const LONGEST_MS = 60_000
/** Longest `Retry-After` that is honoured; a longer one is cut to this. */
const MAX_AFTER_MS = 3_600_000

/** Waits for the acknowledgement of everything sent; unacknowledged deliveries are sent again. */
export async function settle(receiver: Receiver, patience: Patience): Promise<Refused[]> {
  if (!receiver.settle) return []
  const refused: Refused[] = []
  for (let attempt = 0; ; attempt++) {
    const answer = await receiver.settle(patience.signal).catch((thrown) => {
      if (patience.signal.aborted) throw new Interrupted('the delivery was stopped')
      throw thrown
    })
    refused.push(...answer.refused)
    if (!answer.later) return refused
    const { deliveries, why } = answer.later
    if (attempt >= UNACKNOWLEDGED)
      throw new UserError(`the receiver takes events and never acknowledges them (${why})`)
    refused.push(...(await deliver(receiver, deliveries, patience)))
  }
}

/** Number of resends without an acknowledgement after which the receiver counts as never acknowledging. */
const UNACKNOWLEDGED = 3

/** @throws UserError when the time for an outage is over, Interrupted when `signal` is aborted */
export async function deliver(
  receiver: Receiver,
  batch: readonly Delivery[],
  patience: Patience,
): Promise<Refused[]> {
  const { signal, onOutage, sleep = pause } = patience
  const refused: Refused[] = []
  const max = receiver.max.one ?? Number.POSITIVE_INFINITY
  const [small, large] = parted(batch, max)
  for (const delivery of large)
    refused.push({ delivery, code: 'too-large', answer: `it has more than ${max} bytes: it was not sent` })
  let pending: readonly Delivery[] = small
  let outage: Outage | undefined
  while (pending.length > 0) {
    if (signal.aborted) throw new Interrupted('the delivery was stopped')
    const answer = await receiver.send(pending, signal).catch((thrown): Answer => {
      if (signal.aborted) throw new Interrupted('the delivery was stopped')
      return { refused: [], later: { deliveries: pending, why: sentence(thrown) } }
    })
    refused.push(...answer.refused)
    if (answer.halve) refused.push(...(await halved(receiver, answer.halve, patience)))
    if (!answer.later) break
    const { deliveries, afterMs = 0 } = answer.later
    // The receiver took some, so it is reachable again.
    if (deliveries.length < pending.length) outage = undefined
    pending = deliveries
    outage = next(outage, withoutSecrets(answer.later.why), afterMs)
    onOutage?.(outage)
    const waited = Date.now() - outage.sinceMs
    if (patience.maxMs !== undefined && waited + (outage.retryMs - Date.now()) > patience.maxMs)
      throw new UserError(`the receiver does not take events (${outage.attempts} attempts): ${outage.why}`)
    await sleep(Math.max(0, outage.retryMs - Date.now()), signal)
  }
  if (outage) onOutage?.(undefined)
  return refused
}

function next(before: Outage | undefined, why: string, afterMs: number): Outage {
  const attempts = (before?.attempts ?? 0) + 1
  const max = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20))
  const ms = Math.max(Math.min(afterMs, MAX_AFTER_MS), max / 2 + (Math.random() * max) / 2)
  return { why, attempts, sinceMs: before?.sinceMs ?? Date.now(), retryMs: Date.now() + ms }
}

/** A batch without a large delivery stays the same list: what was prepared of it is known by it. */
function parted(batch: readonly Delivery[], max: number): [small: readonly Delivery[], large: Delivery[]] {
  if (max === Number.POSITIVE_INFINITY) return [batch, []]
  const isLarge = ({ text }: Delivery) => text.length > max / 3 && Buffer.byteLength(text) > max
  const large = batch.filter(isLarge)
  return large.length === 0 ? [batch, large] : [batch.filter((one) => !isLarge(one)), large]
}

async function halved(
  receiver: Receiver,
  { deliveries, code, answer }: NonNullable<Answer['halve']>,
  patience: Patience,
): Promise<Refused[]> {
  const [only, ...others] = deliveries
  if (!only) return []
  if (others.length === 0) return [{ delivery: only, code, answer }]
  const middle = Math.ceil(deliveries.length / 2)
  const first = await deliver(receiver, deliveries.slice(0, middle), patience)
  return [...first, ...(await deliver(receiver, deliveries.slice(middle), patience))]
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch(() => {
    throw new Interrupted('the delivery was stopped')
  })
}
