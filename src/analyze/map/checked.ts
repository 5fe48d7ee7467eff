import { unsupported } from '../check.ts'
import type { Severity } from '../digest/severity.ts'
import { distinctEvents, type Entry } from '../entry.ts'
import type { Item, Line } from './items.ts'
import { answerSchema } from './prompt.ts'

/** What an answer of the model came to, once everything in it that is not so was taken out. */
export interface Checked {
  entries: readonly Entry[]
  /** Handles that the item does not have, and findings that named none that it has. */
  unknownHandles: number
  refused: number
  /** Sentences that said what their rows do not: our own words stand in their place. */
  struck: number
}

const MOST_FINDINGS = 20
const MOST_TEXT = 600

/**
 * Holds an answer against its item.
 *
 * @returns undefined when it is no answer of the form that was asked for
 */
export function checkedAnswer(item: Item, text: string): Checked | undefined {
  const answer = parsedAnswer(text)
  if (!answer) return undefined
  const lines = new Map(item.lines.map((line) => [line.handle, line]))
  const entries: Entry[] = []
  let unknownHandles = 0
  let refused = Math.max(0, answer.findings.length - MOST_FINDINGS)
  let struck = 0
  for (const [at, { severity, what, ids }] of answer.findings.slice(0, MOST_FINDINGS).entries()) {
    const cited = [...new Set(ids)].map((id) => lines.get(id.trim().toLowerCase()))
    unknownHandles += cited.filter((one) => one === undefined).length
    const found = cited.filter((one) => one !== undefined)
    if (found.length === 0) {
      refused++
      continue
    }
    const entry = entryOf(`${item.id}-${at}`, item, found, severity, what)
    if (entry.struck) struck++
    entries.push(entry)
  }
  return { entries, unknownHandles, refused, struck }
}

function parsedAnswer(text: string) {
  try {
    const json = text.trim().replace(/^```(?:json)?\s*([\s\S]*?)\s*```$/, '$1')
    const parsed = answerSchema.safeParse(JSON.parse(json))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

function entryOf(id: string, item: Item, lines: readonly Line[], severity: Severity, what: string): Entry {
  const text = what.trim().replace(/\s+/g, ' ').slice(0, MOST_TEXT)
  const facts = [item.key, item.account, item.from, item.to, ...lines.map((line) => line.text)]
  const events = lines.reduce((sum, line) => sum + line.events, 0)
  const numbers = [events, lines.length, ...lines.map((line) => line.events), item.events]
  const isStruck = text === '' || unsupported(text, { texts: facts, numbers }).length > 0
  return {
    id,
    severity,
    text: isStruck ? plainText(lines, events) : text,
    struck: isStruck,
    ids: distinctEvents(lines.flatMap((line) => line.ids)),
    events,
    principals: distinct(lines.map((line) => line.principal)),
    services: distinct(lines.map((line) => line.service)),
    regions: distinct(lines.map((line) => line.region)),
    accounts: distinct(lines.map((line) => line.account)),
    facts,
    numbers,
    from: [id],
  }
}

/** What the rows say, in our own words: for a sentence that cannot stand. */
function plainText(lines: readonly Line[], events: number): string {
  const calls = distinct(
    lines.map(({ text }) => text.split(' ').find((word) => /^[A-Z]\w+$/.test(word)) ?? ''),
  )
  return `${events} ${events === 1 ? 'event' : 'events'}: ${calls.filter(Boolean).slice(0, 5).join(', ')} (the model's sentence was struck out: its rows do not say that)`
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
