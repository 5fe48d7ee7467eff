import { factsOfLines, unsupported } from '../check.ts'
import type { Severity } from '../digest/severity.ts'
import { distinctEvents, type Entry } from '../entry.ts'
import type { Item, Line } from './items.ts'
import { answerSchema } from './prompt.ts'

/** The parts of a model's answer that passed the checks. */
export interface Checked {
  entries: readonly Entry[]
  /** Handles that the item does not have, and findings without any valid handle. */
  unknownHandles: number
  refused: number
  /** Sentences that their rows do not support: sentences of ours replace them. */
  struck: number
}

const MAX_FINDINGS = 20
const MAX_TEXT = 600

/**
 * Checks an answer against its item.
 *
 * @returns undefined when the answer does not have the requested form
 */
export function checkedAnswer(item: Item, text: string): Checked | undefined {
  const answer = parsedAnswer(text)
  if (!answer) return undefined
  const lines = new Map(item.lines.map((line) => [line.handle, line]))
  const entries: Entry[] = []
  let unknownHandles = 0
  let refused = Math.max(0, answer.findings.length - MAX_FINDINGS)
  let struck = 0
  for (const [at, { severity, what, ids }] of answer.findings.slice(0, MAX_FINDINGS).entries()) {
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
  const text = what.trim().replace(/\s+/g, ' ').slice(0, MAX_TEXT)
  const facts = factsOfLines(item, lines)
  const events = lines.reduce((sum, line) => sum + line.events, 0)
  const isStruck = text === '' || unsupported(text, facts) !== undefined
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
    from: [id],
  }
}

/** A sentence of ours from the rows, in place of one that failed the check. */
function plainText(lines: readonly Line[], events: number): string {
  const calls = distinct(
    lines.map(({ text }) => text.split(' ').find((word) => /^[A-Z]\w+$/.test(word)) ?? ''),
  )
  return `${events} ${events === 1 ? 'event' : 'events'}: ${calls.filter(Boolean).slice(0, 5).join(', ')} (the model's sentence was struck out: its rows do not say that)`
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}
