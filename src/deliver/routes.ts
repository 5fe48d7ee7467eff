import type { AppendedTable, TableDefinition } from '../lake/table.ts'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { parseTimestamp } from '../lib/timestamp.ts'
import type { LogType } from '../logtypes/contract.ts'
import { type RowView, rowViewOf } from '../query/row-views/row-view.ts'
import { type View, viewName } from '../query/view.ts'
import type { Policy, SpanKind } from '../scan/index.ts'
import { checkCondition, checkTemplate } from './condition.ts'
import type { Destination } from './contract.ts'
import { kindOf } from './destinations/index.ts'
import type { DeliverSettings, DestinationSettings, RouteSettings } from './settings.ts'
import type { Shape } from './shapes/contract.ts'
import { shapes } from './shapes/index.ts'

/** A route that can run: everything that it names exists. */
export interface Route {
  name: string
  table: AppendedTable
  /** A view of the table, whose columns are sent in place of the table's. */
  view?: RowView | undefined
  /** The table's log type; undefined for a table of loglake's own. */
  type: LogType | undefined
  /** A condition in SQL; with `first`, it excludes rows that earlier routes take. */
  where: string
  shape: Shape
  template: string | undefined
  policy: Policy
  destination: Destination
  /** The name under `destinations`. */
  to: string
  settings: unknown
  /** Batches in flight at the same time. */
  concurrency: number
  rowsPerSecond: number | undefined
  from: string
}

export interface RouteSections {
  routes: Readonly<Record<string, RouteSettings>>
  destinations: Readonly<Record<string, DestinationSettings>>
  deliver: DeliverSettings
  /**
   * The line of a key, as in `routes.siem.where`, with its file: `loglake.yaml:12`; undefined where no file
   * was read.
   */
  place(key: string): string | undefined
}

export interface Known {
  tables: readonly TableDefinition[]
  types: readonly LogType[]
  views?: readonly View[]
}

/**
 * The routes of a configuration, checked: their tables, conditions, shapes and destinations.
 *
 * @throws UserError with a line for each mistake
 */
export async function routesOf(sections: RouteSections, known: Known): Promise<Route[]> {
  const faults: string[] = []
  const routes: Route[] = []
  const earlier = new Map<string, { of: string; conditions: string[] }>()
  for (const [name, settings] of Object.entries(sections.routes)) {
    try {
      const route = await routeOf(name, settings, sections, known)
      const of = settings.table
      const before = earlier.get(route.table.name) ?? { of, conditions: [] }
      const own = route.where
      if (sections.deliver.match === 'first' && before.conditions.length > 0) {
        if (before.of !== of) throw wrongIn(name, sections)('table', mixed(route.table.name, before.of, of))
        route.where = `${own} and not coalesce(${before.conditions.join(' or ')}, false)`
      }
      before.conditions.push(`coalesce(${own}, false)`)
      earlier.set(route.table.name, before)
      routes.push(route)
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown
      faults.push(thrown.message)
    }
  }
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  return routes
}

async function routeOf(
  name: string,
  settings: RouteSettings,
  sections: RouteSections,
  known: Known,
): Promise<Route> {
  const wrong = wrongIn(name, sections)
  const { table: wanted, where, template, policy, mask, to, from } = settings
  const { table, view } = await followed(wanted, known, wrong)
  if (table.overwritten) throw wrong('table', `rows of ${table.name} are replaced: they cannot be followed`)
  const destination = destinationOf(settings, sections, wrong)
  const shape = shapes.find((one) => one.name === settings.shape)
  if (!shape) throw wrong('shape', `there is no shape ${settings.shape}`)
  const { name: kind, shape: only = shape.name } = destination.type
  if (only !== shape.name) throw wrong('shape', `a destination of type ${kind} takes the shape ${only} alone`)
  const type = known.types.find((one) => one.name === table.name)
  const unfit = shape.whyNot(table, type) ?? (view && whyNotOf(view, shape))
  if (unfit !== undefined) throw wrong('shape', unfit)
  if ((template !== undefined) !== (shape.name === 'template'))
    throw wrong('template', 'a template belongs to the shape `template`, which needs one')
  if (sinceOf(from) === null) throw wrong('from', `there is no time ${from}: its day or hour does not exist`)
  const noCondition = where === undefined ? undefined : await checkCondition(view?.definition ?? table, where)
  if (noCondition !== undefined) throw wrong('where', noCondition)
  const noTemplate =
    template === undefined ? undefined : await checkTemplate(view?.definition ?? table, template)
  if (noTemplate !== undefined) throw wrong('template', noTemplate)
  return {
    name,
    table: table as AppendedTable,
    view,
    type,
    where: where === undefined ? 'true' : `(${where}\n)`,
    shape,
    template,
    policy: policyOf(policy, mask, sections, wrong),
    destination: destination.type,
    to,
    settings: destination.settings,
    concurrency: settings.concurrency,
    rowsPerSecond: settings.rows_per_second,
    from,
  }
}

function wrongIn(name: string, sections: RouteSections): Wrong {
  return (key, fault) => {
    const path = `routes.${name}.${key}`
    const place = sections.place(path) ?? sections.place(`routes.${name}`)
    return new UserError(`${place === undefined ? '' : `${place}: `}${path}: ${fault}`)
  }
}

/**
 * With `first`, it is asked of the row of a table which route it takes: conditions on views are on other
 * columns.
 */
function mixed(table: string, one: string, other: string): string {
  return `with deliver.match \`first\`, all routes of rows of ${table} name the same table or view: this one names ${other}, one before it ${one}`
}

/** The table that a route follows, and the view of it that the route names. */
async function followed(
  wanted: string,
  { tables, views = [] }: Known,
  wrong: Wrong,
): Promise<{ table: TableDefinition; view?: RowView }> {
  const table = tables.find(({ name }) => name === wanted)
  if (table) return { table }
  if (!views.some((one) => viewName(one) === wanted)) {
    const names = [...tables.map(({ name }) => name), ...views.map(viewName)]
    throw wrong('table', `there is no table or view "${wanted}"${didYouMean(wanted, names)}`)
  }
  try {
    const view = await rowViewOf(wanted, views, tables)
    return { table: view.table, view }
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    const why = `the rows of a view are sent if each comes from one row of one table: ${thrown.message}`
    throw wrong('table', `the view ${wanted} cannot be followed; ${why}`)
  }
}

/** Shapes that take whatever columns there are; the others read a table's by name. */
const TAKE_ANY = ['rows', 'template']

function whyNotOf({ table, unchanged, name }: RowView, shape: Shape): string | undefined {
  if (TAKE_ANY.includes(shape.name)) return undefined
  const lost = table.columns.find((column) => unchanged.get(column.name) !== column.name)
  return lost === undefined
    ? undefined
    : `the shape ${shape.name} is made of all columns of ${table.name}, and the view ${name} has no ${lost.name} as it is: take the shape rows or template`
}

/** What a shape gets: the columns of the view, where there is one. */
export function shapedTable({
  table,
  view,
  shape,
}: Pick<Route, 'table' | 'view' | 'shape'>): TableDefinition {
  return view && TAKE_ANY.includes(shape.name) ? view.definition : table
}

/** A FROM item of the rows of another one that a route sends. */
export function matching({ view, where }: Pick<Route, 'view' | 'where'>, from: string): string {
  return view ? view.rowsOf(from, where) : `(select * from ${from} as added where ${where})`
}

/** The rows that a route is about, by their time: all of them, or those from a date on. */
export function spanOf({ from }: Pick<Route, 'from'>): { since?: string } {
  const since = sinceOf(from)
  return since ? { since } : {}
}

/** Undefined for no date, null for one that does not exist. */
function sinceOf(from: string): string | undefined | null {
  if (from === 'now' || from === 'start') return undefined
  const micros = parseTimestamp(from, 0)
  return micros === undefined ? null : new Date(Number(micros / 1000n)).toISOString()
}

type Wrong = (key: string, fault: string) => UserError

function destinationOf(
  { to, with: others }: RouteSettings,
  { destinations: configured }: RouteSections,
  wrong: Wrong,
): { type: Destination; settings: unknown } {
  const given = Object.hasOwn(configured, to) ? configured[to] : undefined
  if (!given) throw wrong('to', `there is no destination "${to}"${didYouMean(to, Object.keys(configured))}`)
  const found = kindOf(given)
  const { type: _, ...settings } = given
  if (Object.keys(others).length === 0) return { type: found, settings }
  const known = Object.keys(found.settings.shape)
  const odd = Object.keys(others).find((key) => !known.includes(key))
  if (odd !== undefined) throw wrong('with', `${found.name} has no setting "${odd}"${didYouMean(odd, known)}`)
  const parsed = found.settings.strict().partial().safeParse(others)
  if (parsed.success)
    return { type: found, settings: { ...settings, ...withoutDefaults(parsed.data, others) } }
  const [issue] = parsed.error.issues
  const at = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  throw wrong('with', `${at}${issue?.message ?? 'it cannot be read'}`)
}

/** Only the written settings: each destination applies its own defaults. */
function withoutDefaults(parsed: Record<string, unknown>, written: object): object {
  return Object.fromEntries(Object.entries(parsed).filter(([key]) => Object.hasOwn(written, key)))
}

const KINDS: readonly SpanKind[] = ['personal', 'secret', 'injection']

function policyOf(
  name: Policy['name'],
  kinds: readonly string[],
  { deliver }: RouteSections,
  wrong: Wrong,
): Policy {
  const odd = kinds.find((kind) => !KINDS.includes(kind as SpanKind))
  if (odd !== undefined) throw wrong('mask', `one of ${KINDS.join(', ')} is wanted, not "${odd}"`)
  const key = deliver.mask_key ?? ''
  if (name !== 'full' && key.length < 16)
    throw wrong(
      'policy',
      `the policy ${name} needs deliver.mask_key, a secret of at least 16 characters, as in "$` +
        '{file:mask.key}"; a policy `full` does not',
    )
  return { name, key, kinds: kinds as SpanKind[] }
}
