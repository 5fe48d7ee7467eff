import { factsOfEntries, unsupported } from '../check.ts'
import { distinctEvents, type Entry, gravest } from '../entry.ts'
import { reduceSchema } from './prompt.ts'
import type { Knot } from './tree.ts'

/** The merged entries of a node. Together they have every id of the entries before merging. */
export interface Merged {
  entries: readonly Entry[]
  unknownHandles: number
  struck: number
  /** Whether there is an answer, of the form that was asked for. */
  isAnswered: boolean
  /** Entries that no sentence cites, or whose sentence failed the check: they stay unchanged. */
  kept: number
}

const MAX_TEXT = 700

/**
 * Merges a node's entries as the model's answer says, where the answer passes the checks: cited entries
 * become one entry with all of their events and their highest severity. No entry is lost, whatever the answer
 * is.
 *
 * @param text undefined without an answer: then all entries stay unchanged
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
    const told = sentence.text.trim().replace(/\s+/g, ' ').slice(0, MAX_TEXT)
    if (told === '' || unsupported(told, factsOfEntries(those, knot.key)) !== undefined) {
      struck++
      continue
    }
    for (const { handle } of cited) free.delete(handle)
    entries.push(together(`${knot.id}-${at}`, those, told))
  }
  return {
    entries: [...entries, ...free.values()],
    unknownHandles,
    struck,
    isAnswered: answer !== undefined,
    kept: free.size,
  }
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

function together(id: string, entries: readonly Entry[], text: string): Entry {
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
    facts: entries.flatMap((entry) => entry.facts),
    from: all((entry) => entry.from),
  }
}
