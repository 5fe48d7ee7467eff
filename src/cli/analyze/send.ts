import type { Page } from '../../analyze/report/page.ts'
import { htmlOf, markdownOf } from '../../analyze/report/page.ts'
import type { Config } from '../../config/config.ts'
import type { Delivery } from '../../deliver/contract.ts'
import { checkDestinations as checkNames, sendSingle } from '../../deliver/single.ts'
import { LakeError } from '../../lib/errors.ts'

export const PAGE_FORMATS = ['markdown', 'html', 'json'] as const

export type PageFormat = (typeof PAGE_FORMATS)[number]

export function pageText(page: Page, value: unknown, format: PageFormat): string {
  if (format === 'json') return `${JSON.stringify(value, null, 2)}\n`
  return format === 'html' ? htmlOf(page) : markdownOf(page)
}

/** An outgoing text; its id is the same each time it is sent. */
export interface Outgoing {
  id: string
  table: 'digest' | 'analysis'
  title: string
  severity: string
  text: string
  /** A shorter text for destinations that do not accept one of this length. */
  short: string
}

/** @throws UserError when the destination does not exist */
export function checkDestinations({ destinations }: Config, names: readonly string[]): void {
  checkNames(destinations, names)
}

const PATIENCE_MS = 120_000

/**
 * Sends a text to a configured destination, as one message.
 *
 * @throws LakeError when it is refused, or not accepted within two minutes
 */
export async function sendTo(
  { destinations }: Config,
  name: string,
  { id, table, title, severity, text, short }: Outgoing,
  signal: AbortSignal,
): Promise<void> {
  const body = (message: string) => JSON.stringify({ title, severity, message, id })
  const whole = body(text)
  const make = (max: number): Delivery => ({
    id: `${table}/${id}`,
    table,
    time: Date.now() / 1000,
    text: Buffer.byteLength(whole) <= max ? whole : body(short),
    source: `loglake:${table}`,
    sourcetype: `loglake:${table}`,
  })
  const refused = await sendSingle(destinations, name, make, {
    route: 'analyze',
    signal,
    patienceMs: PATIENCE_MS,
  })
  if (refused)
    throw new LakeError(`${name} refused it: ${refused.code} ${refused.answer}`.slice(0, 500), {
      file: `destination ${name}`,
      remedy: 'mend the destination, then send it again: `loglake analyze resume`, or the digest once more',
    })
}
