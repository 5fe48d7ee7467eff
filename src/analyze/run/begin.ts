import { randomBytes } from 'node:crypto'
import { sql } from '../../lib/sql.ts'
import { digestOf } from '../digest/digest.ts'
import { groupsOf } from '../map/groups.ts'
import { type Item, itemsOf } from '../map/items.ts'
import { type Before, type Plan, planOf } from '../plan.ts'
import { readOf } from '../read.ts'
import type { Begun } from '../report/report.ts'
import type { Selection } from '../selection.ts'
import { type ItemRow, newBook, write } from './book.ts'
import type { Deps } from './deps.ts'
import { faultPoint } from './steps.ts'

/** An analysis that is planned but not begun: nothing of it is in the lake. */
export interface Prepared {
  run: string
  version: number
  plan: Plan
  items: readonly Item[]
  begun: Omit<Begun, 'how' | 'to'>
}

/**
 * Plans an analysis: what it would read.
 *
 * @param run its name; by default, a new one is made
 */
export async function prepare(deps: Deps, selection: Selection, run = runName()): Promise<Prepared> {
  const { lake, queryEngine, settings, own, signal } = deps
  const version = await lake.newest()
  const read = readOf(queryEngine, version, signal)
  const groups = await groupsOf(read, selection, own, settings.days)
  const items = itemsOf(run, groups, { by: settings.by, tokens: settings.item_tokens })
  const digest = await digestOf(read, selection, { own, days: settings.days, lines: 1 })
  const [before] = await read<Before>(sql(new URL('../sql/used-before.sql', import.meta.url)))
  const limits = await deps.batch?.limits()
  const plan = planOf({
    groups: groups.length,
    items,
    price: deps.price,
    limits,
    below: settings.below,
    hasModel: deps.model !== undefined,
    before: before && before.wrote !== null ? before : undefined,
  })
  faultPoint('analysis-selected')
  return {
    run,
    version: version.number,
    plan,
    items,
    begun: { selection, own: digest.own, events: plan.events },
  }
}

/**
 * Writes an analysis and all of its calls to the lake. From then on, any process can continue it.
 *
 * @param to names of the destinations of the report
 */
export async function begin(deps: Deps, prepared: Prepared, to: readonly string[]): Promise<void> {
  const { run, items, version, begun, plan } = prepared
  const rows = items.map(
    (item): ItemRow => ({
      item: item.id,
      version: 1,
      kind: 'map',
      state: 'waiting',
      about: item.key,
      account: item.account,
      events: item.events,
      attempt: 0,
      input: JSON.stringify(item),
      output: null,
      input_tokens: null,
      output_tokens: null,
      job: null,
      error: null,
    }),
  )
  const how = plan.how.kind === 'batch' ? 'batch' : 'on-demand'
  const detail: Begun & { why: string } = { ...begun, how, to, why: plan.how.why }
  await write(deps, newBook(run), { kind: 'begun', lakeVersion: version, detail }, rows)
  faultPoint('analysis-begun')
}

/** As in `20260108-3f9a2c`: letters that the name of a batch job may have. */
function runName(now = new Date()): string {
  return `${now.toISOString().slice(0, 10).replaceAll('-', '')}-${randomBytes(3).toString('hex')}`
}
