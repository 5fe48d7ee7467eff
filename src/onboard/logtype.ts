import { pathToFileURL } from 'node:url'
import { textOf } from '../json/bytes.ts'
import { type Column, KEY_KINDS, type Key, type LogType, type PreparedType } from '../logtypes/contract.ts'
import { logTypes } from '../logtypes/index.ts'
import type { Definition } from './definition.ts'
import { preparer } from './prepare.ts'
import { recogniser } from './recognise.ts'
import { redactor } from './redact.ts'

/** The user's log types, as they travel to the threads that open objects. */
export interface Onboarded {
  definitions: readonly Definition[]
  /** The secret of the hashes that are stored in place of sensitive values. */
  hashKey: string
}

export const NOTHING_ONBOARDED: Onboarded = { definitions: [], hashKey: '' }

/** Every log type, asked in this order: ours, then the user's, and last the one that takes anything. */
export function allLogTypes({ definitions, hashKey }: Onboarded): readonly LogType[] {
  const own = definitions.map((definition) => logTypeOf(definition, hashKey))
  const isLast = ({ takes }: LogType) => takes === 'anything'
  return [...logTypes.filter((type) => !isLast(type)), ...own, ...logTypes.filter(isLast)]
}

/** A log type like ours. */
export function logTypeOf(definition: Definition, hashKey: string): PreparedType {
  const { name, doc, id, time, sort, select, sensitive } = definition
  const { recognise, claims, wrapper } = recogniser(definition)
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
      ? { discretion: { redact: (bytes) => Buffer.from(redact(textOf(bytes, 0, bytes.length))), claims } }
      : {}),
    ...(select ? { select, derived: derivedOf(definition) } : {}),
    queries: pathToFileURL(`${definition.file.replace(/[^/\\]*$/, '')}queries/`),
  }
}

/** Nothing in the record, or on its way, says what they hold; a hashed id is worked out before the SQL. */
function derivedOf({ columns, id, idOf }: Definition): string[] {
  return columns
    .filter(({ name, path, from }) => !path && !from && !(idOf && name === id))
    .map(({ name }) => name)
}

/** What is looked up: the id, and columns that hold ids. What form they have, their definition does not say. */
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
    // Questions are asked by time, and by what alike rows share.
    ...(pruned.includes(name) && type !== 'json' ? { bounds: true as const } : {}),
  }
}
