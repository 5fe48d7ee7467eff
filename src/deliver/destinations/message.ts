/**
 * The parts of a row in a message to people: a title, a severity, and its fields. Log text is never
 * interpreted as markup.
 */
import type { Delivery } from '../contract.ts'

export interface Message {
  title: string
  severity: 'info' | 'warning' | 'error' | 'critical'
  /** Short fields, by name. */
  facts: readonly [name: string, value: string][]
}

const TITLE = ['title', 'eventname', 'what', 'message', 'type', 'operation', 'modelid']
const WHO = ['actor', 'useridentity_arn', 'identity_arn', 'who', 'user']
const MAX_FACTS = 12
const MAX_TITLE = 150
const MAX_VALUE = 300
/** Maximum length of a list; a longer one is for programs. */
const MAX_LIST = 5

export function messageOf({ text, table }: Delivery): Message {
  const fields = flat(text)
  const found = TITLE.map((name) => fields.get(name)).find((value) => value !== undefined)
  const who = WHO.map((name) => fields.get(name)).find((value) => value !== undefined)
  const title = [found ?? table, ...(who === undefined ? [] : [who])].join(' · ')
  const facts = [...fields]
    .filter(([name, value]) => !name.startsWith('lake_') && value !== found)
    .slice(0, MAX_FACTS)
  return {
    title: clipped(title, MAX_TITLE),
    severity: severityOf(fields.get('level') ?? fields.get('severitylabel') ?? fields.get('severity')),
    facts: facts.map(([name, value]) => [clipped(name, 60), clipped(value, MAX_VALUE)]),
  }
}

function flat(text: string): Map<string, string> {
  let found: unknown
  try {
    found = JSON.parse(text)
  } catch {
    return new Map([['text', text]])
  }
  if (typeof found !== 'object' || found === null) return new Map([['text', text]])
  const fields = new Map<string, string>()
  for (const [name, value] of Object.entries(found)) {
    if (Array.isArray(value) && value.length > MAX_LIST) continue
    fields.set(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return fields
}

function severityOf(told: string | undefined): Message['severity'] {
  const text = String(told ?? '').toLowerCase()
  if (/critical|fatal/.test(text)) return 'critical'
  if (/high|error/.test(text)) return 'error'
  return /medium|warn/.test(text) ? 'warning' : 'info'
}

/** One line of at most `max` characters, never ending in half a character. */
export function clipped(text: string, max: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const line = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
  if (line.length <= max) return line
  return `${[...line.slice(0, max - 1)].filter((one) => one.isWellFormed()).join('')}…`
}
