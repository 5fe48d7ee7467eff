import type { ColumnType } from '../../logtypes/contract.ts'
import type { SigmaTable } from './tables.ts'

/** Where a rule's field lies in a table. */
export type Target =
  | { kind: 'column'; column: string; type: Exclude<ColumnType, 'json'> }
  /** Keys below a column of JSON text; none for the column as a whole. */
  | { kind: 'json'; column: string; keys: readonly string[] }
  /** An object whose fields have columns of their own. */
  | { kind: 'group'; targets: readonly Target[] }

/** What no column holds lies there, as it was delivered. */
const UNMAPPED = 'unmapped'

/**
 * A field by its path in the record, as in `userIdentity.arn`, or by its column. Below a JSON column the path
 * goes on; what no column has is looked for in `unmapped`. Letter by letter: `eventname` is a column,
 * `EventName` nothing.
 */
export function resolveField({ columns }: SigmaTable, field: string): Target {
  const whole = columns.find(({ path }) => path === field) ?? columns.find(({ name }) => name === field)
  if (whole) return targetOf(whole)
  const keys = field.split('.')
  for (let length = keys.length - 1; length > 0; length--) {
    const prefix = keys.slice(0, length).join('.')
    const json = columns.find(
      ({ name, type, path }) => type === 'json' && (path === prefix || name === prefix),
    )
    if (json) return { kind: 'json', column: json.name, keys: keys.slice(length) }
  }
  const unmapped: Target = { kind: 'json', column: UNMAPPED, keys }
  const below = columns.filter(({ path }) => path?.startsWith(`${field}.`)).map(targetOf)
  return below.length > 0 ? { kind: 'group', targets: [...below, unmapped] } : unmapped
}

/** Whether a field is one that the table is known to have. */
export function isKnown(table: SigmaTable, field: string): boolean {
  const target = resolveField(table, field)
  return target.kind !== 'json' || target.column !== UNMAPPED || field.split('.')[0] === UNMAPPED
}

function targetOf({ name, type }: SigmaTable['columns'][number]): Target {
  return type === 'json' ? { kind: 'json', column: name, keys: [] } : { kind: 'column', column: name, type }
}

/** The columns of a target. */
export function columnsOf(target: Target): string[] {
  return target.kind === 'group' ? target.targets.flatMap(columnsOf) : [target.column]
}
