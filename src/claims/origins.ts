import type { Node } from '../query/statement.ts'
import { conditionsOf } from './conditions.ts'
import { MADE, type Origins, type Tables } from './contract.ts'
import { queryOf } from './sources.ts'

/** Of a statement that cannot be read: nothing in its rows proves anything. */
export const UNREAD: Origins = {
  ...{ columns: [], tables: [], limits: [], conditioned: [], most: 0, isOrdered: false },
}

/** @param shown names of the result's columns */
export function originsOf(
  tree: { statements?: Node[] | undefined },
  tables: Tables,
  shown: readonly string[],
): Origins {
  const node = tree.statements?.[0]?.node as Node | undefined
  if (node === undefined || tree.statements?.length !== 1) return UNREAD
  const { columns, tables: asked } = queryOf(node, { tables, ctes: new Map(), queryOf })
  const isAligned = columns.length === shown.length
  return {
    columns: shown.map((_, at) => (isAligned ? columns[at]?.origin : undefined) ?? MADE),
    tables: [...asked],
    ...conditionsOf(node, tables),
    ...boundsOf(node),
  }
}

function boundsOf({ modifiers }: Node): Pick<Origins, 'most' | 'isOrdered'> {
  const all = (modifiers as Node[] | undefined) ?? []
  const limit = all.find(({ type }) => String(type).startsWith('LIMIT'))
  const isOrdered = all.some(({ type }) => type === 'ORDER_MODIFIER')
  if (!limit) return { most: Number.POSITIVE_INFINITY, isOrdered }
  const value = ((limit.limit as Node | null)?.value as Node | undefined)?.value
  const isPlain = limit.type === 'LIMIT_MODIFIER' && (limit.offset ?? null) === null
  return { most: isPlain && typeof value === 'number' ? value : 0, isOrdered: isOrdered && isPlain }
}
