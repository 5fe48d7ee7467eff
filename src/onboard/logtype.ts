import { pathToFileURL } from 'node:url'
import { textOf } from '../json/bytes.ts'
import { type Column, KEY_KINDS, type Key, type LogType, type PreparedType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'
import type { Definition } from './definition.ts'
import { preparer } from './prepare.ts'
import { recogniser } from './recognise.ts'
import { redactor } from './redact.ts'

/** The user's log types, in the form that is sent to worker threads. */
export interface Onboarded {
  definitions: readonly Definition[]
  /** The secret key of hashes that replace sensitive values. */
  hashKey: string
}

export const NOTHING_ONBOARDED: Onboarded = { definitions: [], hashKey: '' }

/**
 * All log types in the order of recognition: built-in ones, the user's, and last the one that takes any
 * record.
 */
export function allLogTypes({ definitions, hashKey }: Onboarded): readonly LogType[] {
  const own = definitions.map((definition) => logTypeOf(definition, hashKey))
  const isLast = ({ takes }: LogType) => takes === 'anything'
  return [...logTypes.filter((type) => !isLast(type)), ...own, ...logTypes.filter(isLast)]
}

/** Makes a log type of a definition. */
export function logTypeOf(definition: Definition, hashKey: string): PreparedType {
  const { name, doc, id, time, sort, select, sensitive } = definition
  const { recognise, isNamed, wrapper } = recogniser(definition)
  const prepare = preparer(definition)
  const redact = sensitive.length > 0 ? redactor(sensitive, hashKey) : undefined
  return {
    kind: 'prepared',
    name,
    doc,
    columns: definition.columns.map((column) => columnOf(column, [time, ...sort])),
    id,
    time,
    keys: keysOf(definition),
    sort,
    recognise,
    prepare({ bytes, context }) {
      const record = textOf(bytes, 0, bytes.length)
      return prepare(redact ? redact(record) : record, context)
    },
    ...(wrapper ? { wrapper } : {}),
    ...(redact
      ? {
          redaction: {
            redact: (bytes) => Buffer.from(redact(textOf(bytes, 0, bytes.length))),
            isSensitive: isNamed,
          },
        }
      : {}),
    ...(select ? { select, derived: derivedOf(definition) } : {}),
    queries: pathToFileURL(`${definition.file.replace(/[^/\\]*$/, '')}queries/`),
  }
}

/**
 * Columns computed by the type's SQL rather than read from the record. A hashed id is computed before the
 * SQL.
 */
function derivedOf({ columns, id, idOf }: Definition): string[] {
  return columns
    .filter(({ name, path, from }) => !path && !from && !(idOf && name === id))
    .map(({ name }) => name)
}

/**
 * Values that rows are looked up by: the id, and columns that hold ids. The definition does not say which
 * form they have.
 */
function keysOf({ columns, id }: Definition): Key[] {
  const isId = ({ name, holds }: Definition['columns'][number]) =>
    name === id || [holds ?? []].flat().includes('key')
  return columns
    .filter((column) => column.type === 'string' && isId(column))
    .map(({ name }) => ({ column: name, is: KEY_KINDS }))
}

function columnOf(
  { name, type, doc, path, holds, text }: Definition['columns'][number],
  pruned: readonly string[],
): Column {
  return {
    name,
    type,
    doc,
    ...(path ? { path: path.join('.') } : {}),
    ...(holds ? { holds } : {}),
    ...(text ? { text } : {}),
    // Queries select by time, and by the columns that group similar rows.
    ...(pruned.includes(name) && type !== 'json' ? { bounds: true as const } : {}),
  }
}
