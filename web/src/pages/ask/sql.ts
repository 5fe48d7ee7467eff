import type { Result } from './asking.ts'

/** The statement of a result as it can be run anew: without its head of comments, and with its parameters' values. */
export function runnable({ sql, parameters }: Pick<Result, 'sql' | 'parameters'>): string {
  const body = sql.replace(/^(?:\s*--[^\n]*\n)+/, '').trim()
  return body.replace(/\$([a-z_]\w*)/gi, (whole, name: string) => {
    if (!Object.hasOwn(parameters, name)) return /^\d/.test(name) ? whole : 'null'
    const value = parameters[name]
    return value === null || value === undefined ? 'null' : `'${value.replaceAll("'", "''")}'`
  })
}

/** The table that has a row with such a key, and its id. */
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
