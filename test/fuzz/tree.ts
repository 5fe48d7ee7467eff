/**
 * JSON as a tree whose leaves are kept as they are written, so that one of them can be anything: no number is rounded, and
 * bytes that are no UTF-8 can stand in a text. Texts here hold a byte in each character.
 */
export type Tree = { members: Member[] } | { elements: Tree[] } | { written: string }

export interface Member {
  /** With its quotes. */
  key: string
  value: Tree
}

export function bytesOf(written: string): Buffer {
  return Buffer.from(written, 'latin1')
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1')
}

/** The documents that stand one after the other in a text; undefined when it is not all JSON. */
export function documentsIn(text: string): Tree[] | undefined {
  const found: Tree[] = []
  let at = 0
  const space = () => {
    while (at < text.length && ' \n\r\t'.includes(text[at] as string)) at++
  }
  const token = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const written = pattern.exec(text)?.[0]
    if (written !== undefined) at += written.length
    return written
  }
  function list<T>(close: string, one: () => T | undefined): T[] | undefined {
    const all: T[] = []
    at++
    space()
    if (text[at] === close) {
      at++
      return all
    }
    for (;;) {
      const next = one()
      if (next === undefined) return undefined
      all.push(next)
      space()
      if (text[at] === close) {
        at++
        return all
      }
      if (text[at++] !== ',') return undefined
      space()
    }
  }
  function member(depth: number): Member | undefined {
    const key = token(STRING)
    space()
    if (key === undefined || text[at++] !== ':') return undefined
    space()
    const found = value(depth)
    return found && { key, value: found }
  }
  function value(depth: number): Tree | undefined {
    if (depth > DEEPEST) return undefined
    if (text[at] === '{') {
      const members = list('}', () => member(depth + 1))
      return members && { members }
    }
    if (text[at] === '[') {
      const elements = list(']', () => value(depth + 1))
      return elements && { elements }
    }
    const written = token(STRING) ?? token(SCALAR)
    return written === undefined ? undefined : { written }
  }
  for (space(); at < text.length; space()) {
    const document = value(0)
    if (!document) return undefined
    found.push(document)
  }
  return found.length > 0 ? found : undefined
}

const DEEPEST = 60
const STRING = /"(?:[^"\\]|\\.)*"/sy
const SCALAR = /-?\d[\d.eE+-]*|true|false|null/y

export function written(tree: Tree): string {
  if ('written' in tree) return tree.written
  if ('elements' in tree) return `[${tree.elements.map(written).join(',')}]`
  return `{${tree.members.map(({ key, value }) => `${key}:${written(value)}`).join(',')}}`
}

/** The way from a tree's top to a value in it: members and elements by their number. */
export type Way = readonly number[]

/** Every value in a tree, with a name that is the same for all elements of a list. */
export function valuesIn(tree: Tree, way: Way = [], name = ''): { way: Way; name: string }[] {
  const own = [{ way, name }]
  if ('members' in tree)
    return [
      ...own,
      ...tree.members.flatMap(({ key, value }, index) =>
        valuesIn(value, [...way, index], `${name}.${key.slice(1, -1)}`),
      ),
    ]
  if ('elements' in tree)
    return [...own, ...tree.elements.flatMap((one, index) => valuesIn(one, [...way, index], `${name}[]`))]
  return own
}

/** A copy of a tree with another value at the end of a way. */
export function replaced(tree: Tree, way: Way, change: (value: Tree) => Tree): Tree {
  const [index, ...rest] = way
  if (index === undefined) return change(tree)
  if ('elements' in tree)
    return { elements: tree.elements.map((one, at) => (at === index ? replaced(one, rest, change) : one)) }
  if ('members' in tree)
    return {
      members: tree.members.map((one, at) =>
        at === index ? { ...one, value: replaced(one.value, rest, change) } : one,
      ),
    }
  return tree
}

/** A copy of a tree with other members in place of the one at the end of a way; the tree itself where that is no member. */
export function replacedMember(tree: Tree, way: Way, change: (member: Member) => Member[]): Tree {
  const index = way.at(-1)
  if (index === undefined) return tree
  return replaced(tree, way.slice(0, -1), (parent) =>
    'members' in parent
      ? { members: parent.members.flatMap((one, at) => (at === index ? change(one) : [one])) }
      : parent,
  )
}
