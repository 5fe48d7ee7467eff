import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { Delivery, Receiver, Refused } from './contract.ts'
import { destinations } from './destinations/index.ts'
import { deliver, settle } from './patience.ts'
import type { DestinationSettings } from './settings.ts'

/** Destinations of a configuration, by name. */
export type Places = Readonly<Record<string, DestinationSettings>>

/** @throws UserError when there is no such destination */
export function checkPlaces(places: Places, names: readonly string[]): void {
  for (const name of names)
    if (!Object.hasOwn(places, name))
      throw new UserError(
        `there is no destination "${name}" in loglake.yaml${didYouMean(name, Object.keys(places))}`,
      )
}

export interface SendOptions {
  /** What the receiver says that it is of. */
  route: string
  signal: AbortSignal
  /** How long an outage is waited out. */
  patienceMs: number
  /** Settings that are others for this message. */
  settings?: Record<string, unknown>
}

/**
 * Sends one message to a destination, and nothing of a route.
 *
 * @param make is given the bytes that the destination takes
 * @returns what was refused for good
 * @throws UserError when the destination does not take it in time
 */
export async function sendSingle(
  places: Places,
  name: string,
  make: (mostBytes: number) => Delivery,
  { route, signal, patienceMs, settings = {} }: SendOptions,
): Promise<Refused | undefined> {
  checkPlaces(places, [name])
  const { type, ...own } = places[name] as DestinationSettings
  const destination = destinations.find((one) => one.name === type)
  if (!destination) throw new Error(`there is no destination of type ${type}`)
  const receiver: Receiver = destination.open({ ...own, ...settings }, { route })
  try {
    const patience = { signal, mostMs: patienceMs }
    const sent = await deliver(receiver, [make(receiver.most.one ?? receiver.most.bytes)], patience)
    const [first] = [...sent, ...(await settle(receiver, patience))]
    return first
  } finally {
    await receiver.close?.()
  }
}
