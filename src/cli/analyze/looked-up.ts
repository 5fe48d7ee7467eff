import type { Identity } from '../../aws/identity.ts'
import { UserError } from '../../lib/errors.ts'
import { grouped } from '../../lib/terminal.ts'
import { historyOf, OLDEST_MS } from '../../sources/cloudtrail-lookup.ts'
import { onceSource } from '../../sources/timeline/once.ts'
import { ingestSettings } from '../../workspace/ingesting.ts'
import type { Opened } from '../../workspace/open.ts'
import { refuseDemo } from '../demo-mark.ts'
import { runIngest } from '../run.ts'
import { counted } from '../show/layout.ts'
import { note } from '../show/output.ts'

export interface LookUp {
  regions: readonly string[]
  identity: Identity
  /** ISO 8601; the defaults are below. */
  since: string | undefined
  until: string | undefined
  /** Length of the span in milliseconds, if no start is given. */
  windowMs: number
}

/** A selection of exactly the events that were looked up. */
export interface LookedUp {
  since: string
  until: string
  accounts: string[]
  regions: string[]
}

/**
 * Imports a span of CloudTrail's event history by LookupEvents, which needs no trail; an analysis then works
 * on events of the lake. Events that the lake has already are not stored twice.
 *
 * @returns undefined when a person stopped it
 */
export async function lookUp(
  opened: Opened,
  asked: LookUp,
  nowMs = Date.now(),
): Promise<LookedUp | undefined> {
  const { lake, location } = opened
  await refuseDemo(lake, location)
  const toMs = Math.min(asked.until === undefined ? nowMs : Date.parse(asked.until), nowMs)
  const wantedMs = asked.since === undefined ? toMs - asked.windowMs : Date.parse(asked.since)
  const fromMs = Math.max(wantedMs, nowMs - OLDEST_MS)
  if (wantedMs >= toMs) throw new UserError('--since is not before --until: no event can be in between')
  if (fromMs >= toMs)
    throw new UserError(
      'LookupEvents has the events of 90 days: the whole span is older (ingest the files of a trail instead)',
    )
  if (wantedMs < fromMs)
    note(`LookupEvents has the events of 90 days: those before ${iso(fromMs)} are not looked up`)
  const history = historyOf({ regions: [...asked.regions], identity: asked.identity }, 'lookup')
  const source = onceSource('lookup', history.lines, { fromMs, toMs }, { close: () => history.close() })
  const account = await runIngest(lake, source, ingestSettings(opened), { count: false })
  if (!account) return undefined
  const { stored, repeated, rejected } = account.records
  note(
    `LookupEvents of ${asked.regions.join(', ')}: ${counted(history.requests(), 'request')}, ${grouped(stored)} new events in the lake` +
      `${repeated > 0 ? `, ${grouped(repeated)} that it had` : ''}${rejected > 0 ? `, ${grouped(rejected)} that could not be read (\`loglake rejects\`)` : ''}`,
  )
  return {
    since: iso(fromMs),
    until: iso(toMs),
    accounts: [...history.accounts].sort(),
    regions: [...asked.regions],
  }
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}
