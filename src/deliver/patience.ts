/**
 * Sends a batch until the receiver has taken or refused every one of it. An outage is waited out, for as long as the caller
 * has patience: the pause doubles from `FIRST_MS` to `LONGEST_MS`, each time a random part of it, and never ends before the receiver's
 * `Retry-After` (full jitter: AWS Architecture Blog, "Exponential Backoff And Jitter").
 */
import { setTimeout as wait } from 'node:timers/promises'
import { Interrupted, sentence, UserError } from '../lib/errors.ts'
import { withoutSecrets } from '../lib/secrets.ts'
import type { Answer, Delivery, Receiver, Refused } from './contract.ts'

export interface Patience {
  signal: AbortSignal
  /** How long an outage is waited out; for ever by default. */
  mostMs?: number | undefined
  /** Called at each failed attempt, and with undefined when the receiver is there again. */
  onOutage?(outage: Outage | undefined): void
  /** Replaced in tests. */
  sleep?(ms: number, signal: AbortSignal): Promise<void>
}

export interface Outage {
  /** What the receiver said, or why it was not reached. */
  why: string
  attempts: number
  sinceMs: number
  retryMs: number
}

const FIRST_MS = 500
const LONGEST_MS = 60_000
/** A receiver that asks for more is asked again all the same. */
const MOST_AFTER_MS = 3_600_000

/** Waits for the acknowledgement of all that was sent; what is not acknowledged is sent again. */
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

/** After this number of resends without an acknowledgement, the receiver does not acknowledge. */
const UNACKNOWLEDGED = 3

/** @throws UserError when patience is at its end, Interrupted when `signal` is aborted */
export async function deliver(
  receiver: Receiver,
  batch: readonly Delivery[],
  patience: Patience,
): Promise<Refused[]> {
  const { signal, onOutage, sleep = pause } = patience
  const refused: Refused[] = []
  const most = receiver.most.one ?? Number.POSITIVE_INFINITY
  const [small, large] = parted(batch, most)
  for (const delivery of large)
    refused.push({ delivery, code: 'too-large', answer: `it has more than ${most} bytes: it was not sent` })
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
    // Whatever it took, it is there.
    if (deliveries.length < pending.length) outage = undefined
    pending = deliveries
    outage = next(outage, withoutSecrets(answer.later.why), afterMs)
    onOutage?.(outage)
    const waited = Date.now() - outage.sinceMs
    if (patience.mostMs !== undefined && waited + (outage.retryMs - Date.now()) > patience.mostMs)
      throw new UserError(`the receiver does not take events (${outage.attempts} attempts): ${outage.why}`)
    await sleep(Math.max(0, outage.retryMs - Date.now()), signal)
  }
  if (outage) onOutage?.(undefined)
  return refused
}

function next(before: Outage | undefined, why: string, afterMs: number): Outage {
  const attempts = (before?.attempts ?? 0) + 1
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 20))
  const ms = Math.max(Math.min(afterMs, MOST_AFTER_MS), most / 2 + (Math.random() * most) / 2)
  return { why, attempts, sinceMs: before?.sinceMs ?? Date.now(), retryMs: Date.now() + ms }
}

function parted(batch: readonly Delivery[], most: number): [small: Delivery[], large: Delivery[]] {
  if (most === Number.POSITIVE_INFINITY) return [[...batch], []]
  const isLarge = ({ text }: Delivery) => text.length > most / 3 && Buffer.byteLength(text) > most
  return [batch.filter((one) => !isLarge(one)), batch.filter(isLarge)]
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
