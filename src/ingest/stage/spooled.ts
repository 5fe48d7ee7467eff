import { identifier, literal } from '../../lib/sql.ts'
import type { LogType } from '../../logtypes/contract.ts'
import type { BatchObject } from '../contract.ts'
import type { Session } from '../session.ts'
import type { Spool } from '../spool/contract.ts'
import { rowsOf } from './rows.ts'

/** Tells the engine the names of objects, which spool files know by numbers. */
export async function nameObjects({ engine }: Session, objects: readonly BatchObject[]): Promise<void> {
  await engine.run('create or replace temp table object (serial integer, uri varchar)')
  const rows = objects.map(({ opened, object }) => `(${opened.serial}, ${literal(object.uri)})`)
  if (rows.length > 0) await engine.run(`insert into object values ${rows.join(', ')}`)
}

/** The statement that makes rows of spool files, within the limits of the run; of one day, where it is told. */
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
