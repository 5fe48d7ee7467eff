import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { sentence, UserError } from '../lib/errors.ts'
import { logTypes } from '../logtypes/index.ts'
import { faultsIn } from './check.ts'
import type { Definition } from './definition.ts'
import { definitionSchema, type Written } from './schema.ts'
import { parseYaml } from './yaml.ts'

/** The file in the folder of a user's log type. */
export const YAML_FILE = 'logtype.yaml'
const SQL_FILE = 'flatten.sql'

/** Names that loglake reserves, besides its log types. */
const RESERVED = [
  ...['ledger', 'reject', 'deadletter', 'finding', 'review', 'review_notice', 'access_log'],
  ...['session', 'conversation', 'model_usage', 'ocsf_api_activity', 'cloudtrail_lake'],
  // Names in the statement that contains a flatten.sql.
  ...['object', 'delivered', 'record', 'flat'],
]

/**
 * Reads the log types in the subfolders of a folder. Throws a UserError with every file and line at fault.
 *
 * @param others names of views, which no log type may take
 */
export function readLogTypes(folder: string, others: Iterable<string> = []): Definition[] {
  const entries = listed(folder).filter(
    (entry) => !entry.startsWith('.') && statSync(join(folder, entry)).isDirectory(),
  )
  const views = new Set(others)
  const faults: string[] = []
  const read = entries.flatMap((entry) => {
    try {
      return [readLogType(join(folder, entry), views)]
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown
      faults.push(thrown.message)
      return []
    }
  })
  if (faults.length > 0) throw new UserError(faults.join('\n'))
  return read
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder).sort()
  } catch (thrown) {
    throw new UserError(`the folder of log types ${folder} cannot be read: ${sentence(thrown)}`, {
      cause: thrown,
    })
  }
}

/** Reads the log type in a folder. */
export function readLogType(folder: string, views: ReadonlySet<string> = new Set()): Definition {
  const file = join(folder, YAML_FILE)
  const sqlFile = join(folder, SQL_FILE)
  const parsed = parseYaml(textOf(file), file, definitionSchema)
  const { value, line, refuse } = parsed
  const taken = new Map<string, string>([
    ...[...views].map((name) => [name, 'a view'] as const),
    ...RESERVED.map((name) => [name, 'loglake itself'] as const),
    ...logTypes.map(({ name }) => [name, 'a log type of loglake'] as const),
  ])
  const hasSelect = existsSync(sqlFile)
  refuse(faultsIn(value, basename(resolve(folder)), taken, hasSelect))
  return {
    ...definitionOf(value, (index) => line(['columns', index])),
    file,
    ...(hasSelect ? { select: { file: sqlFile, text: statementOf(textOf(sqlFile)) } } : {}),
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UserError(`${file} cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
}

/**
 * The statement without its final semicolon, which comments may follow: it is embedded in a larger statement.
 */
function statementOf(text: string): string {
  const without = text.replace(/;((?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*)$/, '$1')
  return without === text ? text : statementOf(without)
}

function definitionOf(
  written: Written,
  lineOf: (column: number) => number,
): Omit<Definition, 'file' | 'select'> {
  const { name, doc, recognise, envelope, records, time, id, sort, sensitive } = written
  const columns = written.columns.map(({ path, from, form, holds, text, ...column }, index) => ({
    ...column,
    ...(path ? { path } : {}),
    ...(from ? { from } : {}),
    ...(form ? { form } : {}),
    ...(holds ? { holds } : {}),
    ...(text ? { text } : {}),
    line: lineOf(index),
  }))
  const hashed = typeof id === 'string' ? undefined : id.hash
  const madeOf = hashed === 'record' ? 'the record' : hashed?.join(', ')
  return {
    name,
    doc,
    recognise: {
      fields: recognise.fields,
      values: Object.entries(recognise.values).map(([field, value]) => ({
        path: field.split('.'),
        any: Array.isArray(value) ? value : [value],
      })),
      key: recognise.key,
      logGroups: recognise.log_group,
    },
    ...(envelope ? { envelope } : {}),
    ...(records ? { records } : {}),
    columns: hashed
      ? [
          {
            name: 'id',
            type: 'string',
            doc: `The record's id: a hash of ${madeOf}.`,
            holds: ['key'],
            line: 1,
          },
          ...columns,
        ]
      : columns,
    id: typeof id === 'string' ? id : 'id',
    ...(hashed ? { idOf: hashed } : {}),
    time,
    sort: sort ?? [time],
    sensitive,
  }
}
