import type { Path, Sensitive } from './definition.ts'
import { ADDED_COLUMNS } from './definition.ts'
import type { Written } from './schema.ts'
import { SQL_WORDS } from './words.ts'
import type { Fault } from './yaml.ts'

export const NAME = /^[a-z][a-z0-9_]{0,62}$/
const WANTED_NAME = 'small letters, digits and _ are wanted, a letter first'

/**
 * Finds faults of a definition whose keys are well-formed one by one.
 *
 * @param folder the name of its folder
 * @param taken the names that are taken, each with its owner
 */
export function faultsIn(
  written: Written,
  folder: string,
  taken: ReadonlyMap<string, string>,
  hasSelect: boolean,
): Fault[] {
  return [
    ...nameFaults(written.name, folder, taken),
    ...recogniseFaults(written),
    ...written.columns.flatMap((column, index) => columnFaults(written, column, index, hasSelect)),
    ...timeFaults(written, written.columns),
    ...idFaults(written),
    ...(written.sort ?? []).flatMap((name, index) =>
      hasColumn(written, name) ? [] : [{ path: ['sort', index], fault: noColumn(name) }],
    ),
    ...written.sensitive.flatMap((one, index) => sensitiveFaults(written, one, index)),
  ]
}

function nameFaults(name: string, folder: string, taken: ReadonlyMap<string, string>): Fault[] {
  const path = ['name']
  if (!NAME.test(name) || name.startsWith('lake_'))
    return [{ path, fault: `name: ${WANTED_NAME}, not "${name}"` }]
  if (SQL_WORDS.has(name)) return [{ path, fault: `name: ${wordOfSql(name)}` }]
  if (name !== folder)
    return [{ path, fault: `the log type is called ${name}, its folder ${folder}: give both one name` }]
  const owner = taken.get(name)
  return owner === undefined ? [] : [{ path, fault: `the name ${name} is taken by ${owner}` }]
}

function recogniseFaults({ recognise: { fields, values, key, log_group } }: Written): Fault[] {
  if (fields.length + Object.keys(values).length + key.length + log_group.length > 0) return []
  return [{ path: ['recognise'], fault: 'recognise: one of fields, values, key, log_group is wanted' }]
}

type WrittenColumn = Written['columns'][number]

function columnFaults(
  { columns, id }: Written,
  column: WrittenColumn,
  index: number,
  hasSelect: boolean,
): Fault[] {
  const { name, type, path, from, form } = column
  const at = (key: string) => ['columns', index, key]
  if (!NAME.test(name)) return [{ path: at('name'), fault: `a column's name: ${WANTED_NAME}, not "${name}"` }]
  if (SQL_WORDS.has(name)) return [{ path: at('name'), fault: `a column's name: ${wordOfSql(name)}` }]
  if (ADDED_COLUMNS.includes(name) || name.startsWith('lake_'))
    return [{ path: at('name'), fault: `the column ${name} is loglake's own: choose another name` }]
  if (columns.findIndex((other) => other.name === name) < index)
    return [{ path: at('name'), fault: `the column ${name} is there twice` }]
  if (name === 'id' && typeof id !== 'string')
    return [{ path: at('name'), fault: 'the column id is filled with the hash: choose another name' }]
  const faults: Fault[] = []
  if (path && from)
    faults.push({ path: at('from'), fault: `the column ${name} has a path and a from: one of them` })
  if (!path && !from && !hasSelect)
    faults.push({
      path: at('name'),
      fault: `the column ${name} has no path, and there is no flatten.sql that makes it`,
    })
  if (form && (type !== 'timestamptz' || !path))
    faults.push({
      path: at('form'),
      fault: `form is for columns of type timestamptz with a path: ${name} is none`,
    })
  faults.push(...holdsFaults(columns, column, index))
  const told = from === 'log_timestamp' ? 'timestamptz' : 'string'
  if (from && type !== told)
    faults.push({
      path: at('type'),
      fault: `the column ${name} is from ${from}: its type is ${told}, not ${type}`,
    })
  return faults
}

/** Access to accounts and Regions is limited by the one column that holds each; scanners read only text. */
function holdsFaults(
  columns: readonly WrittenColumn[],
  { name, type, holds = [], text }: WrittenColumn,
  index: number,
): Fault[] {
  const at = (key: string) => ['columns', index, key]
  const isText = type === 'string' || type === 'json'
  const faults: Fault[] = []
  for (const kind of ['account', 'region'] as const) {
    if (!holds.includes(kind)) continue
    const first = columns.findIndex((other) => other.holds?.includes(kind))
    if (first < index)
      faults.push({
        path: at('holds'),
        fault: `the column ${columns[first]?.name} holds the ${kind} already`,
      })
    if (type !== 'string')
      faults.push({ path: at('holds'), fault: `the column ${name} holds the ${kind}: its type is string` })
  }
  if (holds.includes('plain') && holds.length > 1)
    faults.push({ path: at('holds'), fault: `the column ${name} is plain, or it holds something: not both` })
  if (text && !isText)
    faults.push({ path: at('text'), fault: `the column ${name} is of type ${type}: it has no text to scan` })
  return faults
}

function timeFaults({ time }: Written, columns: readonly WrittenColumn[]): Fault[] {
  const path = ['time']
  const column = columns.find(({ name }) => name === time)
  if (!column) return [{ path, fault: noColumn(time) }]
  if (column.type !== 'timestamptz')
    return [{ path, fault: `time: the column ${time} is of type ${column.type}: timestamptz is wanted` }]
  if (!column.path && !column.from)
    return [{ path, fault: `time: the column ${time} has neither path nor from` }]
  return []
}

function idFaults(written: Written): Fault[] {
  const { id, columns } = written
  if (typeof id === 'string') {
    const column = columns.find(({ name }) => name === id)
    if (!column) return [{ path: ['id'], fault: noColumn(id) }]
    if (column.type === 'string' || column.type === 'long') return []
    return [
      { path: ['id'], fault: `id: the column ${id} is of type ${column.type}: string or long is wanted` },
    ]
  }
  if (id.hash === 'record') return []
  return id.hash.flatMap((name, index) => {
    const column = columns.find((one) => one.name === name)
    if (!column) return [{ path: ['id', 'hash', index], fault: noColumn(name) }]
    if (column.path || column.from) return []
    return [
      { path: ['id', 'hash', index], fault: `id: the column ${name} is made by flatten.sql, after the hash` },
    ]
  })
}

function sensitiveFaults({ columns, time }: Written, { path, store }: Sensitive, index: number): Fault[] {
  const at = ['sensitive', index]
  return columns.flatMap(({ name, type, path: from }) => {
    if (!from || !covers(path, from)) return []
    if (name === time) return [{ path: at, fault: `the time, column ${name}, cannot be sensitive` }]
    if (store === 'nothing' || type === 'string' || type === 'json') return []
    return [
      { path: at, fault: `a ${store} is text: the column ${name} is of type ${type}, string is wanted` },
    ]
  })
}

/** Whether a sensitive field equals a column's field, or contains it. */
function covers(sensitive: Path, path: Path): boolean {
  return (
    sensitive.length <= path.length &&
    sensitive.every((field, at) => field === '*' || field.toLowerCase() === path[at]?.toLowerCase())
  )
}

function hasColumn({ columns, id }: Written, name: string): boolean {
  return columns.some((column) => column.name === name) || (name === 'id' && typeof id !== 'string')
}

function wordOfSql(name: string): string {
  return `${name} is a reserved word of SQL, which every query would have to quote: choose another`
}

function noColumn(name: string): string {
  return `there is no column ${name}`
}
