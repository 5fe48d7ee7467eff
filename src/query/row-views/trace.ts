/** Where the columns of a chain of SELECTs come from. */
import { below, type Node } from '../statement.ts'
import { allLevels, type Level } from './tree.ts'

/** A column of a view: its name in lower case, and the table's column that it is, unchanged. */
export interface Traced {
  name: string
  of: string | undefined
}

/**
 * The columns of a chain in order; undefined where they cannot be told.
 *
 * @param columns the table's columns
 */
export function traced(level: Level, columns: readonly string[]): Traced[] {
  const read = readOf(level, columns)
  return (level.select.select_list as Node[]).flatMap((item) => columnsOf(item, read))
}

/** The columns that a level reads. */
export function readOf(level: Level, columns: readonly string[]): Traced[] {
  const own = level.below
    ? traced(level.below, columns)
    : columns.map((name) => ({ name: name.toLowerCase(), of: name }))
  return own.map((one, at) => ({ ...one, name: level.columnNames[at]?.toLowerCase() ?? one.name }))
}

function columnsOf(item: Node, read: readonly Traced[]): Traced[] {
  if (item.class === 'STAR') {
    const without = new Set((item.exclude_list as string[]).map((name) => name.toLowerCase()))
    const replaced = new Set((item.replace_list as { key: string }[]).map(({ key }) => key.toLowerCase()))
    return read
      .filter(({ name }) => !without.has(name))
      .map(({ name, of }) => ({ name, of: replaced.has(name) ? undefined : of }))
  }
  const names = item.class === 'COLUMN_REF' ? (item.column_names as string[]) : []
  const last = names.at(-1)?.toLowerCase()
  const name = String(item.alias || last || '').toLowerCase()
  // `a.b` is the column b of a, or the field b of a column a.
  const isField = names.length > 1 && read.some((one) => one.name === names[0]?.toLowerCase())
  const found = isField ? undefined : read.find((one) => one.name === last)
  return [{ name, of: found?.of }]
}

/** The table's columns that the columns of a chain can be made of. */
export function neededOf(level: Level, columns: readonly string[]): Set<string> {
  const isStar = allLevels(level).some(({ select }) =>
    (select.select_list as Node[]).some((item) => item.class === 'STAR'),
  )
  return isStar ? new Set(columns) : namedIn(level, columns)
}

/** The table's columns that its expressions can read, without those that only a star passes on. */
export function namedIn(level: Level, columns: readonly string[]): Set<string> {
  const levels = allLevels(level)
  const all = new Set(columns)
  // A level's new names for columns hide which they are.
  if (levels.some(({ columnNames }) => columnNames.length > 0)) return all
  const aliases = new Set(levels.map(({ alias }) => alias.toLowerCase()))
  const names = namesIn(
    levels.flatMap(({ select }) => select.select_list as Node[]),
    aliases,
  )
  // A name of the table is a struct of its whole row.
  if ([...aliases].some((alias) => names.has(alias))) return all
  return new Set(columns.filter((name) => names.has(name.toLowerCase())))
}

/** Every name that may be a column's, in lower case: of `a.b` that is b, or a with its field b. */
function namesIn(
  node: Node | readonly unknown[],
  aliases: ReadonlySet<string>,
  found = new Set<string>(),
): Set<string> {
  const { class: kind, column_names: names } = node as Node
  if (kind === 'COLUMN_REF') {
    const parts = (names as string[]).map((name) => name.toLowerCase())
    for (const part of parts.length > 1 && aliases.has(parts[0] as string) ? parts.slice(1) : parts)
      found.add(part)
  }
  for (const inner of below(node)) namesIn(inner, aliases, found)
  return found
}
