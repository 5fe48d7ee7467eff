import type { Page } from '../../analyze/report/page.ts'
import { htmlOf, markdownOf } from '../../analyze/report/page.ts'
import type { Config } from '../../config/config.ts'
import type { Delivery } from '../../deliver/contract.ts'
import { destinations } from '../../deliver/destinations/index.ts'
import { deliver as sendOut, settle } from '../../deliver/patience.ts'
import { LakeError, UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'

export const PAGE_FORMATS = ['markdown', 'html', 'json'] as const

export type PageFormat = (typeof PAGE_FORMATS)[number]

export function pageText(page: Page, value: unknown, format: PageFormat): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`
  return format === 'html' ? htmlOf(page) : markdownOf(page)
}

/** What goes out, under an id that is the same whenever it is sent. */
export interface Outgoing {
  id: string
  table: 'digest' | 'analysis'
  title: string
  severity: string
  text: string
  /** In place of the text, where a destination does not take so much of it. */
  short: string
}

/** @throws UserError when there is no such destination */
export function checkPlaces(config: Config, names: readonly string[]): void {
  for (const name of names)
    if (!Object.hasOwn(config.destinations, name))
      throw new UserError(
        `there is no destination "${name}" in loglake.yaml${didYouMean(name, Object.keys(config.destinations))}`,
      )
}

const PATIENCE_MS = 120_000

/**
 * Sends a text to a destination of the configuration, as one message.
 *
 * @throws LakeError when it is refused, or not taken within two minutes
 */
export async function sendTo(
  config: Config,
  name: string,
  { id, table, title, severity, text, short }: Outgoing,
  signal: AbortSignal,
): Promise<void> {
  checkPlaces(config, [name])
  const { type, ...settings } = config.destinations[name] as { type: string }
  const destination = destinations.find((one) => one.name === type)
  if (!destination) throw new Error(`there is no destination of type ${type}`)
  const receiver = destination.open(settings, { route: 'analyze' })
  const body = (message: string) => JSON.stringify({ title, severity, message, id })
  const most = receiver.most.one ?? receiver.most.bytes
  const whole = body(text)
  const time = Date.now() / 1000
  const delivery: Delivery = {
    id: `${table}/${id}`,
    table,
    time,
    text: Buffer.byteLength(whole) <= most ? whole : body(short),
    source: `loglake:${table}`,
    sourcetype: `loglake:${table}`,
  }
  try {
    const patience = { signal, mostMs: PATIENCE_MS }
    const refused = [
      ...(await sendOut(receiver, [delivery], patience)),
      ...(await settle(receiver, patience)),
    ]
    const [first] = refused
    if (first)
      throw new LakeError(`${name} refused it: ${first.code} ${first.answer}`.slice(0, 500), {
        file: `destination ${name}`,
        remedy: 'mend the destination, then send it again: `loglake analyze resume`, or the digest once more',
      })
  } finally {
    await receiver.close?.()
  }
}
