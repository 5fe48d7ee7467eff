/** What a message to people says of a row: a title, a severity, and its fields. Nothing of a log is obeyed as markup. */
import type { Delivery } from '../contract.ts'

export interface Message {
  title: string
  severity: 'info' | 'warning' | 'error' | 'critical'
  /** Short fields, by name. */
  facts: readonly [name: string, value: string][]
}

const TITLE = ['title', 'eventname', 'what', 'message', 'type', 'operation', 'modelid']
const WHO = ['actor', 'useridentity_arn', 'identity_arn', 'who', 'user']
const MOST_FACTS = 12
const MOST_TITLE = 150
const MOST_VALUE = 300

export function messageOf({ text, table }: Delivery): Message {
  const fields = flat(text)
  const found = TITLE.map((name) => fields.get(name)).find((value) => value !== undefined)
  const who = WHO.map((name) => fields.get(name)).find((value) => value !== undefined)
  const title = [found ?? table, ...(who === undefined ? [] : [who])].join(' · ')
  const facts = [...fields].filter(([name]) => !name.startsWith('lake_')).slice(0, MOST_FACTS)
  return {
    title: clipped(title, MOST_TITLE),
    severity: severityOf(fields.get('level') ?? fields.get('severitylabel') ?? fields.get('severity')),
    facts: facts.map(([name, value]) => [clipped(name, 60), clipped(value, MOST_VALUE)]),
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
  const entries = Object.entries(found).map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  )
  return new Map(entries)
}

function severityOf(told: string | undefined): Message['severity'] {
  const text = String(told ?? '').toLowerCase()
  if (/critical|fatal/.test(text)) return 'critical'
  if (/high|error/.test(text)) return 'error'
  return /medium|warn/.test(text) ? 'warning' : 'info'
}

/** One line of at most `most` characters, never ending in half of one. */
export function clipped(text: string, most: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const line = text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ')
  if (line.length <= most) return line
  return `${[...line.slice(0, most - 1)].filter((one) => one.isWellFormed()).join('')}…`
}
