import type { Result } from './asking.ts'

/** The SQL of a result, ready to run: without leading comments, and with values in place of parameters. */
export function runnable({ sql, parameters }: Pick<Result, 'sql' | 'parameters'>): string {
  const body = sql.replace(/^(?:\s*--[^\n]*\n)+/, '').trim()
  return body.replace(/\$([a-z_]\w*)/gi, (whole, name: string) => {
    if (!Object.hasOwn(parameters, name)) return /^\d/.test(name) ? whole : 'null'
    const value = parameters[name]
    return value === null || value === undefined ? 'null' : `'${value.replaceAll("'", "''")}'`
  })
}

/** The record behind a row of a result: its table and id, if one of the columns is a key. */
export function recordOf(
  { columns }: Pick<Result, 'columns'>,
  row: readonly unknown[],
): { table: string; id: string } | undefined {
  for (const [key, table] of RECORDS) {
    const at = columns.findIndex(({ name }) => name === key)
    const id = row[at]
    if (typeof id === 'string' && id !== '') return { table, id }
  }
  return undefined
}

const RECORDS = [
  ['eventid', 'cloudtrail'],
  ['session_eventid', 'cloudtrail'],
  ['requestid', 'bedrock_invocation'],
  ['inferenceid', 'sagemaker_invocation'],
] as const
