/**
 * Cuts answers into pages that clients accept. They refuse results of more than 25,000 tokens, and a model
 * has room for few of that size.
 */

/**
 * Bytes of a page as JSON. A result contains it twice, as text and as structure; even at 2.4 bytes a token,
 * as for hex ids, both together stay below 25,000 tokens.
 */
export const PAGE_BYTES = 28_000

/** One page of an answer: the same shape, with a part of its longest list. */
export interface Page {
  value: Record<string, unknown>
  /** The members on this page, by index: the first, and the one after the last. */
  from: number
  to: number
}

export interface Paged {
  pages: readonly [Page, ...Page[]]
  /** Path of the list that is split, as in `session.calls`; undefined if one page holds all. */
  list?: string
  /** Length of that list on all pages. */
  of: number
}

type Json = Record<string, unknown>

/**
 * The pages of an answer. Its longest list is spread over them; all else is on each. A text that alone would
 * fill a page is cut, and says so.
 */
export function pagesOf(answer: Json, max = PAGE_BYTES): Paged {
  if (bytesOf(answer) <= max) return { pages: [{ value: answer, from: 0, to: 0 }], of: 0 }
  const path = longestList(answer)
  const list = path && (at(answer, path) as unknown[])
  if (!path || !list) return { pages: [{ value: shrunk(answer, max) as Json, from: 0, to: 0 }], of: 0 }
  const frame = shrunk(withAt(answer, path, []), max / 2) as Json
  const room = max - bytesOf(frame)
  const made: Page[] = []
  let members: unknown[] = []
  let from = 0
  let used = 0
  const turn = (to: number) => {
    made.push({ value: withAt(frame, path, members) as Json, from, to })
    members = []
    from = to
    used = 0
  }
  list.forEach((one, index) => {
    const member = shrunk(one, room)
    const bytes = bytesOf(member) + 1
    if (used + bytes > room && members.length > 0) turn(index)
    members.push(member)
    used += bytes
  })
  turn(list.length)
  const pages = made as [Page, ...Page[]]
  return { pages, list: path.join('.'), of: list.length }
}

export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? 'null')
}

/** Path of the list that takes most of an answer; undefined if none does. */
function longestList(answer: Json): string[] | undefined {
  const path: string[] = []
  let here: unknown = answer
  while (here !== null && typeof here === 'object' && !Array.isArray(here)) {
    const members = Object.entries(here).map(([name, value]) => ({ name, value, bytes: bytesOf(value) }))
    const longest = members.reduce((one, other) => (other.bytes > one.bytes ? other : one))
    const all = members.reduce((sum, { bytes }) => sum + bytes, 0)
    if (longest.bytes * 2 < all) return undefined
    path.push(longest.name)
    here = longest.value
  }
  return Array.isArray(here) && here.length > 1 ? path : undefined
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (inner as Json)[name], value)
}

function withAt(value: unknown, [name, ...rest]: readonly string[], inner: unknown): unknown {
  if (name === undefined) return inner
  return { ...(value as Json), [name]: withAt((value as Json)[name], rest, inner) }
}

/** Shortens texts and then lists until the answer fits. */
const STEPS = [8000, 4000, 2000, 1000, 500, 200].flatMap((text) => [{ text, list: 1000 }])
const SHORT_STEPS = [500, 200, 100, 50, 20, 10, 5, 2, 1, 0].map((list) => ({ text: 200, list }))

function shrunk(value: unknown, max: number): unknown {
  if (bytesOf(value) <= max) return value
  for (const step of [...STEPS, ...SHORT_STEPS]) {
    const made = cut(value, step)
    if (bytesOf(made) <= max) return made
  }
  return cut(value, { text: 20, list: 0 })
}

function cut(value: unknown, max: { text: number; list: number }): unknown {
  if (typeof value === 'string') {
    if (value.length <= max.text) return value
    const left = value.length - max.text
    return `${value.slice(0, max.text)}… [${left} more characters were left out]`
  }
  if (Array.isArray(value)) return value.slice(0, max.list).map((one) => cut(one, max))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, cut(inner, max)]))
}
