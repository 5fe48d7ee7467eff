import { createHash } from 'node:crypto'
import { identifier } from '../../lib/sql.ts'
import type { Span, TextRole } from '../../scan/contract.ts'
import { scan } from '../../scan/index.ts'
import { listOf } from '../agents/run.ts'
import type { Candidate, Rule } from '../contract.ts'
import { describedRules } from '../described.ts'
import { isoTime, rowsOf, textOf } from '../stream.ts'
import type { DetectorKind, OpenDetector, Turn } from '../turn.ts'
import { heavier, type Scored } from './heavier.ts'
import { repeated } from './repeated.ts'
import { OUR_TEXTS, type TextColumn, type TextTable, textsOf } from './texts.ts'
import { inWindows } from './windows.ts'

const MAX_KNOWN = 20_000
/** Distinct personal data of strong kinds in one answer that count as bulk. */
const BULK = 10
const BULK_KINDS = new Set(['EMAIL_ADDRESS', 'CREDIT_CARD', 'IBAN_CODE', 'IBAN', 'US_SSN'])
/** By the role of a text, the rule for an injection in it. */
const INJECTION: Partial<Record<TextRole, string>> = {
  user: 'injection-in-prompt',
  document: 'injection-in-document',
}
/** The scanner's rule for invisible text. */
const HIDING = 'hidden-text'

/**
 * Scans texts: prompts, results of tools, and answers. The evidence is the passage found, with its score and
 * the version of the scanner's weights.
 */
export const passages: DetectorKind = {
  name: 'passages',
  doc: 'Looks for prompt injection, secrets and personal data in prompts, results of tools and answers.',
  rules: () => [...describedRules('passages').values()],
  open,
}

function open(turn: Turn): OpenDetector {
  const rules = describedRules('passages')
  const injection = rules.get('injection-in-prompt')
  const again = rules.get('repeated-injections')
  const isWanted = (rule: Rule) =>
    turn.isOn(rule) || (rule === injection && again !== undefined && turn.isOn(again))
  const texts = [...OUR_TEXTS, ...textsOf(turn.settings.own)].filter(({ name }) => turn.tables.has(name))
  const needs = texts.map(({ name }) => name)
  return {
    name: passages.name,
    doc: passages.doc,
    rules: [...rules.values()],
    needs,
    async *find(rows) {
      const { added, engine, signal } = rows
      const known = new Map<string, Passage[]>()
      const injections = new Map<string, Candidate>()
      const scorer = injection && heavier<About>(turn.settings, rows, injection)
      const taken = new Set<string>()
      const byScorer = function* (scored: readonly Scored<About>[]) {
        for (const { about, text, score, found } of scored) {
          const candidate = candidateOf(about.rule, { rule: '', text, score, found }, about.place)
          // Of a text with several passages the first one.
          if (taken.has(candidate.key)) continue
          taken.add(candidate.key)
          if (about.rule === injection) injections.set(candidate.key, candidate)
          if (turn.isOn(about.rule)) yield candidate
        }
      }
      for (const table of texts) {
        const fresh = added.get(table.name)
        if (fresh === undefined) continue
        for await (const values of rowsOf(engine, selectOf(table, fresh), signal)) {
          const [id, time, account, region, actor, resource, conversation, ...own] = values.map(textOf)
          if (time === undefined) continue
          const who = { account, region, actor, resource }
          const said: Said[] = []
          for (const [at, column] of table.columns.entries()) {
            const text = own[at]
            if (text === undefined) continue
            said.push({ role: column.role, text })
            for (const { key, body } of partsOf(column, text, { id: id ?? time, conversation })) {
              const place = { table: table.name, id: id ?? '', time, key, column, who }
              const own = passagesOf(body, column.role, said, known)
              const asked = rules.get(INJECTION[column.role] ?? '')
              if (scorer && asked && isWanted(asked) && !own.some(({ rule }) => rule === asked.name))
                scorer.add({ text: body, role: column.role, about: { rule: asked, place } })
              for (const passage of own) {
                const rule = rules.get(passage.rule)
                if (!rule) continue
                const found = candidateOf(rule, passage, place)
                if (rule === injection && !injections.has(found.key)) injections.set(found.key, found)
                if (!turn.isOn(rule)) continue
                yield found
              }
            }
          }
          if (scorer) yield* byScorer(await scorer.scored(false))
        }
      }
      if (scorer) yield* byScorer(await scorer.scored(true))
      if (again && injection && turn.isOn(again))
        yield* await repeated(turn.changes, again, injection, [...injections.values()])
    },
  }
}

function selectOf(table: TextTable, rows: string): string {
  const { id, time, account, region, actor, resource, conversation, columns } = table
  const names = columns.map(({ name }) => identifier(name))
  return `select ${id}, ${isoTime(identifier(time))}, ${account}, ${region}, ${actor}, ${resource}, ${conversation}, ${names.join(', ')}
    from ${rows} where ${names.map((name) => `${name} is not null`).join(' or ')}`
}

/**
 * The findings of one text, and the key that identifies it: a result of a tool, or a turn of a user in a
 * conversation, is one text in all rows that send it again.
 */
function partsOf(
  { name, role, isList }: TextColumn,
  text: string,
  { id, conversation }: { id: string; conversation: string | undefined },
): { key: string; body: string }[] {
  if (!isList && role === 'user' && conversation !== undefined)
    return [{ key: `conversation/${conversation}/${name}/${hash(text)}`, body: text }]
  if (!isList) return [{ key: `${id}/${name}`, body: text }]
  return listOf(text).map((entry, at) => {
    const { id: tool, key, content } = entry as { id?: unknown; key?: unknown; content?: unknown }
    const own = [key, tool].find((one) => typeof one === 'string')
    const body = typeof content === 'string' ? content : (JSON.stringify(content) ?? '')
    return { key: own === undefined ? `${id}/${name}/${at}` : `tool/${own}/${hash(body)}`, body }
  })
}

/** A text of the row, as far as its columns have been read. */
interface Said {
  role: TextRole
  text: string
}

interface Passage {
  /** The name of our rule. */
  rule: string
  text: string
  score: number
  found: string
}

function passagesOf(
  text: string,
  role: TextRole,
  said: readonly Said[],
  known: Map<string, Passage[]>,
): Passage[] {
  const key = `${role} ${hash(text)}`
  const before = known.get(key)
  if (before && role !== 'answer') return before
  const spans = inWindows(text, (part) => scan(part, role))
  const found = [
    ...injections(text, role, spans),
    ...secrets(text, role, spans, said),
    ...bulk(role, text, spans),
  ]
  if (known.size < MAX_KNOWN) known.set(key, found)
  return found
}

/** Returns the passage with the highest score in the text. */
function injections(text: string, role: TextRole, spans: readonly Span[]): Passage[] {
  const all = spans.filter(({ kind }) => kind === 'injection')
  const hidden = all.filter(({ rule }) => rule === HIDING)
  const rule = INJECTION[role]
  return [...(rule === undefined ? [] : best(text, all, rule)), ...best(text, hidden, 'hidden-text')]
}

function secrets(text: string, role: TextRole, spans: readonly Span[], said: readonly Said[]): Passage[] {
  const all = spans.filter(({ kind }) => kind === 'secret')
  if (role !== 'answer') return best(text, all, 'secret-in-prompt')
  const given = said.filter((one) => one.role !== 'answer')
  const fresh = all.filter(({ from, to }) => !given.some((one) => one.text.includes(text.slice(from, to))))
  return best(text, fresh, 'secret-in-answer')
}

function bulk(role: TextRole, text: string, spans: readonly Span[]): Passage[] {
  if (role !== 'answer') return []
  const values = new Set(
    spans
      .filter(({ kind, rule }) => kind === 'personal' && BULK_KINDS.has(rule))
      .map(({ from, to }) => text.slice(from, to)),
  )
  if (values.size < BULK) return []
  return [
    { rule: 'personal-data-in-bulk', text: `${values.size} different values`, score: 1, found: 'personal' },
  ]
}

function best(text: string, spans: readonly Span[], rule: string): Passage[] {
  const [top] = [...spans].sort((one, other) => other.score - one.score || one.from - other.from)
  if (!top) return []
  const found = `${top.rule} ${top.scanner} ${top.version}`
  return [{ rule, text: text.slice(top.from, top.to), score: top.score, found }]
}

interface Cell {
  table: string
  id: string
  time: string
  key: string
  column: TextColumn
  who: { [field: string]: string | undefined }
}

/** What a finding of the heavier scorer needs. */
interface About {
  rule: Rule
  place: Cell
}

function candidateOf(rule: Rule, passage: Passage, { table, id, time, key, column, who }: Cell): Candidate {
  const { text, score, found } = passage
  const isSecret = rule.name?.startsWith('secret-') ?? false
  return {
    rule,
    time,
    table,
    rows: [{ table, id, time }],
    count: 1,
    key: `${table} ${key} ${rule.name}`,
    ...(Object.fromEntries(Object.entries(who).filter(([, value]) => value !== undefined)) as object),
    matched: [
      {
        field: column.name,
        column: column.name,
        value: isSecret ? `[${found.split(' ')[0]}]` : text.slice(0, 1_000),
      },
      { field: 'score', value: score.toFixed(3) },
      { field: 'found by', value: found },
    ],
  }
}

function hash(text: string): string {
  return createHash('sha1').update(text).digest('hex')
}
