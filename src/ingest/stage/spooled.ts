import { identifier, literal } from '../../lib/sql.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { BatchObject } from '../contract.ts'
import type { Session } from '../session.ts'
import type { Spool } from '../spool/contract.ts'
import { rowsOf } from './rows.ts'

/** Loads the names of objects into the engine: spool files hold only their numbers. */
export async function nameObjects({ engine }: Session, objects: readonly BatchObject[]): Promise<void> {
  await engine.run('create or replace temp table object (serial integer, uri varchar)')
  const rows = objects.map(({ opened, object }) => `(${opened.serial}, ${literal(object.uri)})`)
  if (rows.length > 0) await engine.run(`insert into object values ${rows.join(', ')}`)
}

/**
 * The statement that turns spool files into rows, within the time limits of the run, and of one day if `day`
 * is given.
 */
export function limitedRows(session: Session, type: LogType, spools: readonly Spool[], day?: string): string {
  const { since, until } = session.window
  const limits = [
    ...(since === undefined ? [] : [`epoch_us(${identifier(type.time)}) >= ${since}`]),
    ...(until === undefined ? [] : [`epoch_us(${identifier(type.time)}) < ${until}`]),
    ...(day === undefined
      ? []
      : [`make_timestamp(epoch_us(${identifier(type.time)}))::date = ${literal(day)}::date`]),
  ]
  return rowsOf(type, spools, limits, new Date())
}
