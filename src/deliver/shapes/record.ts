import { rebuiltText } from '../../logtypes/rebuild.ts'
import type { Shape } from './contract.ts'

/** For logs that are not flattened by SQL alone, it has the fields with columns of their own. */
export const record: Shape = {
  name: 'record',
  doc: 'The record as AWS delivered it, put together from the row.',
  whyNot: (table, type) => (type ? undefined : `${table.name} holds no records of AWS: take the shape rows`),
  async open({ type }) {
    if (!type) throw new Error('a record is of a log type')
    return { shape: async (rows) => rows.map((row) => ({ text: rebuiltText(row, type, 0) })) }
  },
}
