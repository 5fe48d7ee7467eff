import { unsupported } from '../check.ts'
import { distinctEvents, type Entry, gravest } from '../entry.ts'
import { reduceSchema } from './prompt.ts'
import type { Knot } from './tree.ts'

/** What became of the entries of a knot. Together, the entries hold every id of those that went in. */
export interface Merged {
  entries: readonly Entry[]
  unknownHandles: number
  struck: number
  /** Entries that no sentence cited, or whose sentence did not hold: they stay as they were. */
  kept: number
}

const MOST_TEXT = 700

/**
 * Puts a knot's entries together as the model's answer says, as far as it holds: what it cites becomes one entry with all of their
 * events and the gravest severity of theirs. Nothing is lost, whatever the answer is.
 *
 * @param text undefined where there is no answer: all stay as they are
 */
export function mergedOf(knot: Knot, text: string | undefined): Merged {
  const answer = text === undefined ? undefined : parsedAnswer(text)
  const free = new Map(knot.entries.map((entry, at) => [`f${at + 1}`, entry]))
  const entries: Entry[] = []
  let unknownHandles = 0
  let struck = 0
  for (const [at, sentence] of (answer?.sentences ?? []).entries()) {
    const handles = [...new Set(sentence.cites.map((one) => one.trim().toLowerCase()))]
    const cited = handles.flatMap((handle) => {
      const entry = free.get(handle)
      return entry ? [{ handle, entry }] : []
    })
    unknownHandles += handles.filter((handle) => !isHandle(handle, knot.entries.length)).length
    if (cited.length === 0) continue
    const those = cited.map(({ entry }) => entry)
    const told = sentence.text.trim().replace(/\s+/g, ' ').slice(0, MOST_TEXT)
    const facts = [...those.flatMap((entry) => [entry.text, ...entry.facts]), knot.key]
    const numbers = numbersOf(those)
    if (told === '' || unsupported(told, { texts: facts, numbers }).length > 0) {
      struck++
      continue
    }
    for (const { handle } of cited) free.delete(handle)
    entries.push(together(`${knot.id}-${at}`, those, told, numbers))
  }
  return { entries: [...entries, ...free.values()], unknownHandles, struck, kept: free.size }
}

function parsedAnswer(text: string) {
  try {
    const json = text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1')
    const parsed = reduceSchema.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function isHandle(handle: string, count: number): boolean {
  const number = /^f(\d{1,6})$/.exec(handle)?.[1]
  return number !== undefined && Number(number) >= 1 && Number(number) <= count
}

function numbersOf(entries: readonly Entry[]): number[] {
  const sum = entries.reduce((total, { events }) => total + events, 0)
  const principals = new Set(entries.flatMap((entry) => entry.principals)).size
  const regions = new Set(entries.flatMap((entry) => entry.regions)).size
  return [
    ...new Set([sum, entries.length, principals, regions, ...entries.flatMap((entry) => entry.numbers)]),
  ]
}

function together(id: string, entries: readonly Entry[], text: string, numbers: readonly number[]): Entry {
  const all = (of: (entry: Entry) => readonly string[]) => [...new Set(entries.flatMap(of))]
  return {
    id,
    severity: gravest(entries.map(({ severity }) => severity)),
    text,
    struck: false,
    ids: distinctEvents(entries.flatMap((entry) => entry.ids)),
    events: entries.reduce((sum, { events }) => sum + events, 0),
    principals: all((entry) => entry.principals),
    services: all((entry) => entry.services),
    regions: all((entry) => entry.regions),
    accounts: all((entry) => entry.accounts),
    facts: all((entry) => entry.facts),
    numbers,
    from: all((entry) => entry.from),
  }
}
