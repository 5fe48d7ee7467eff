import type { AppendedTable, TableDefinition } from '../lake/table.ts'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Policy, SpanKind } from '../scan/index.ts'
import { checkCondition, checkTemplate } from './condition.ts'
import type { Destination } from './contract.ts'
import { destinations } from './destinations/index.ts'
import type { DeliverSettings, DestinationSettings, RouteSettings } from './settings.ts'
import type { Shape } from './shapes/contract.ts'
import { shapes } from './shapes/index.ts'

/** A route that can run: all that it names is there. */
export interface Route {
  name: string
  table: AppendedTable
  /** The table's log type; none of a table that loglake makes. */
  type: LogType | undefined
  /** A condition in SQL, with those of the routes before it where only the first that fits takes a row. */
  where: string
  shape: Shape
  template: string | undefined
  policy: Policy
  destination: Destination
  /** The name under `destinations`. */
  to: string
  settings: unknown
  /** Batches under way at once. */
  concurrency: number
  rowsPerSecond: number | undefined
  from: string
}

export interface RouteSections {
  routes: Readonly<Record<string, RouteSettings>>
  destinations: Readonly<Record<string, DestinationSettings>>
  deliver: DeliverSettings
  /** The line of a key, as in `routes.siem.where`, with its file: `loglake.yaml:12`; undefined where nothing was read. */
  place(key: string): string | undefined
}

export interface Known {
  tables: readonly TableDefinition[]
  types: readonly LogType[]
}

/**
 * The routes of a configuration, checked: their tables, conditions, shapes and destinations.
 *
 * @throws UserError with a line for each mistake
 */
export async function routesOf(sections: RouteSections, known: Known): Promise<Route[]> {
  const faults: string[] = []
  const routes: Route[] = []
  const earlier = new Map<string, string[]>()
  for (const [name, settings] of Object.entries(sections.routes)) {
    try {
      const route = await routeOf(name, settings, sections, known)
      const before = earlier.get(route.table.name) ?? []
      const own = route.where
      if (sections.deliver.match === 'first' && before.length > 0)
        route.where = `${own} and not coalesce(${before.join(' or ')}, false)`
      earlier.set(route.table.name, [...before, `coalesce(${own}, false)`])
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
  const wrong = (key: string, fault: string): UserError => {
    const path = `routes.${name}.${key}`
    const place = sections.place(path) ?? sections.place(`routes.${name}`)
    return new UserError(`${place === undefined ? '' : `${place}: `}${path}: ${fault}`)
  }
  const { table: wanted, where, template, policy, mask, to, from } = settings
  const table = known.tables.find((one) => one.name === wanted)
  if (!table)
    throw wrong(
      'table',
      `there is no table "${wanted}"${didYouMean(
        wanted,
        known.tables.map((one) => one.name),
      )}`,
    )
  if (table.overwritten) throw wrong('table', `rows of ${wanted} are replaced: they cannot be followed`)
  const destination = destinationOf(settings, sections, wrong)
  const shape = shapes.find((one) => one.name === settings.shape)
  if (!shape) throw wrong('shape', `there is no shape ${settings.shape}`)
  const type = known.types.find((one) => one.name === wanted)
  const unfit = shape.whyNot(table, type)
  if (unfit !== undefined) throw wrong('shape', unfit)
  if ((template !== undefined) !== (shape.name === 'template'))
    throw wrong('template', 'a template belongs to the shape `template`, which needs one')
  const noCondition = where === undefined ? undefined : await checkCondition(table, where)
  if (noCondition !== undefined) throw wrong('where', noCondition)
  const noTemplate = template === undefined ? undefined : await checkTemplate(table, template)
  if (noTemplate !== undefined) throw wrong('template', noTemplate)
  return {
    name,
    table: table as AppendedTable,
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

type Wrong = (key: string, fault: string) => UserError

function destinationOf(
  { to, with: others }: RouteSettings,
  { destinations: configured }: RouteSections,
  wrong: Wrong,
): { type: Destination; settings: unknown } {
  const given = Object.hasOwn(configured, to) ? configured[to] : undefined
  if (!given) throw wrong('to', `there is no destination "${to}"${didYouMean(to, Object.keys(configured))}`)
  const found = destinations.find(({ name }) => name === given.type)
  if (!found) throw new Error(`there is no destination of type ${given.type}`)
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

/** Only what was written: the defaults of other keys are the destination's own settings. */
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
