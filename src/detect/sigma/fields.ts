import type { ColumnType } from '../../logtypes/contract.ts'
import type { SigmaTable } from './tables.ts'

/** The location of a rule's field in a table. */
export type Target =
  | { kind: 'column'; column: string; type: Exclude<ColumnType, 'json'> }
  /** Keys below a column of JSON text; none for the column as a whole. */
  | { kind: 'json'; column: string; keys: readonly string[] }
  /** An object whose fields have columns of their own. */
  | { kind: 'group'; targets: readonly Target[] }

/** The column with the delivered fields that have no column of their own. */
const UNMAPPED = 'unmapped'

/**
 * Finds a field by its path in the record, as in `userIdentity.arn`, or by its column. Below a JSON column
 * the path continues; a field without a column is read from `unmapped`. Names are case-sensitive: `eventname`
 * is a column, `EventName` is not.
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

/** Whether the table is known to have a field. */
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
