import { createHash } from 'node:crypto'

/** A duration in words: `40 s`, `12 min`, `5 h`, `3 days`. */
export function age(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000))
  if (s < 90) return `${s} s`
  if (s < 5400) return `${Math.round(s / 60)} min`
  if (s < 172_800) return `${Math.round(s / 3600)} h`
  return `${Math.round(s / 86_400)} days`
}

/** `a, b and c` */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}

/** Groups items by name, in the order of first occurrence. */
export function together<Item>(items: readonly Item[], nameOf: (item: Item) => string): Map<string, Item[]> {
  const found = new Map<string, Item[]>()
  for (const item of items) found.set(nameOf(item), [...(found.get(nameOf(item)) ?? []), item])
  return found
}

/** Six digits that tell contents apart: in a name, so that a command never replaces what another has made. */
export function tagOf(content: string): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 6)
}
