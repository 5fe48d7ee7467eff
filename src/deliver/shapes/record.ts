import type { LogType } from '../../logtypes/contract.ts'
import { rebuiltText } from '../../logtypes/rebuild.ts'
import type { Row } from '../redact.ts'
import type { Shape } from './contract.ts'

/** Of logs that are not flattened by SQL alone it has the fields that are columns of their own. */
export const record: Shape = {
  name: 'record',
  doc: 'The record as AWS delivered it, put together from the row.',
  whyNot: (table, type) => (type ? undefined : `${table.name} holds no records of AWS: take the shape rows`),
  async open({ type }) {
    if (!type) throw new Error('a record is of a log type')
    return { shape: async (rows) => rows.map((row) => ({ text: recordText(row, type) })) }
  },
}

/** A record as JSON text, its numbers to the digit. What a mask made of a JSON column is a text in it. */
export function recordText(row: Row, type: Pick<LogType, 'columns'>): string {
  const whole: Row = { ...row }
  for (const { name, type: kind } of [...type.columns, { name: 'unmapped', type: 'json' }]) {
    const value = whole[name]
    if (kind === 'json' && typeof value === 'string' && !isJson(value)) {
      if (name === 'unmapped') delete whole[name]
      else whole[name] = JSON.stringify(value)
    }
  }
  return rebuiltText(whole, type, 0)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
