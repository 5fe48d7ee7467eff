import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { Delivery, Receiver, Refused } from './contract.ts'
import { kindOf } from './destinations/index.ts'
import { deliver, settle } from './patience.ts'
import type { DestinationSettings } from './settings.ts'

/** Destinations of a configuration, by name. */
export type ConfiguredDestinations = Readonly<Record<string, DestinationSettings>>

/** @throws UserError when one of the names is not configured */
export function checkDestinations(configured: ConfiguredDestinations, names: readonly string[]): void {
  for (const name of names)
    if (!Object.hasOwn(configured, name))
      throw new UserError(
        `there is no destination "${name}" in loglake.yaml${didYouMean(name, Object.keys(configured))}`,
      )
}

export interface SendOptions {
  /** The route's name that the receiver shows. */
  route: string
  signal: AbortSignal
  /** How long to wait for the end of an outage. */
  patienceMs: number
  /** Only to this person, where the destination can do that. */
  onlyTo?: string | undefined
}

/**
 * Sends one message to a destination, outside any route.
 *
 * @param make receives the destination's limit in bytes
 * @returns what was refused permanently
 * @throws UserError when the destination does not take it in time
 */
export async function sendSingle(
  configured: ConfiguredDestinations,
  name: string,
  make: (maxBytes: number) => Delivery,
  { route, signal, patienceMs, onlyTo }: SendOptions,
): Promise<Refused | undefined> {
  checkDestinations(configured, [name])
  const { type, ...own } = configured[name] as DestinationSettings
  const kind = kindOf({ type })
  const theirs = onlyTo === undefined ? undefined : kind.onlyTo?.(onlyTo)
  const receiver: Receiver = kind.open({ ...own, ...theirs }, { route })
  try {
    const patience = { signal, maxMs: patienceMs }
    const sent = await deliver(receiver, [make(receiver.max.one ?? receiver.max.bytes)], patience)
    const [first] = [...sent, ...(await settle(receiver, patience))]
    return first
  } finally {
    await receiver.close?.()
  }
}
