/** The cited rows that a clause is about: those that have its names, times and handles. */
import { arePeers, type Item } from './compared.ts'
import type { About } from './numbers.ts'
import { type Cited, type Place, textOf } from './support.ts'

/** Whether a result has one of the items; one that has none of them says nothing about them. */
export function isSpokenOf(cited: Cited, items: readonly Item[]): boolean {
  return items.length === 0 || items.some(({ places }) => places.some((place) => place.cited === cited))
}

const rowOf = ({ cited, row }: Place) => `${cited.id} ${row}`

/** The first two consecutive items of different columns that no row has both of, as a reason. */
export function unshared(items: readonly Item[]): string | undefined {
  const inOrder = [...items].sort((a, b) => a.at - b.at)
  for (const [at, one] of inOrder.entries()) {
    const next = inOrder[at + 1]
    if (!next || arePeers(one, next)) continue
    const rows = new Set(one.places.map(rowOf))
    if (!next.places.some((place) => rows.has(rowOf(place))))
      return `no row that it cites has both ${one.shown} and ${next.shown}`
  }
  return undefined
}

/** The rows that have at least one item of each group of peers. */
export function aboutOf(cited: Cited, items: readonly Item[]): About {
  const groups: Item[][] = []
  for (const item of items) {
    if (!item.places.some((place) => place.cited === cited)) continue
    const peers = groups.find((group) => group.some((one) => arePeers(one, item)))
    if (peers) peers.push(item)
    else groups.push([item])
  }
  const fits = (row: number) =>
    groups.every((group) =>
      group.some(({ places }) => places.some((place) => place.cited === cited && place.row === row)),
    )
  const rows = cited.chosen.filter(fits)
  if (cited.chosen.length === cited.rows.length) return { cited, rows, all: rows }
  // Rows that are not cited may say the same: they count, too.
  const texts = groups.map((group) =>
    group.flatMap(({ places }) => places.flatMap((place) => cellOf(place) ?? [])),
  )
  const same = [...cited.rows.keys()].filter((row) =>
    texts.every((some) =>
      cited.columns.some((_, column) => some.includes(textOf(cited.rows[row]?.[column]) ?? '')),
    ),
  )
  return { cited, rows, all: same }
}

function cellOf({ cited, row, column }: Place): string | undefined {
  return textOf(cited.rows[row]?.[column])
}

export function isMeant(about: readonly About[], cited: Cited, row: number): boolean {
  return about.some((one) => one.cited === cited && one.rows.includes(row))
}
