import { sentence, UserError } from '../../lib/errors.ts'
import { shellQuoted } from '../../lib/shell.ts'
import type { Nearest, Progress, Result } from '../contract.ts'
import type { Described, Desk } from '../desk.ts'
import { type Now, type Span, timeIn } from './clock.ts'
import { inEnglish } from './languages.ts'
import { type NameKind, namesIn } from './names.ts'
import { boostOf, type Filled, type NamedQuestion, parametersFrom, untaken } from './parameters.ts'
import { type Entry, type Ranked, rankingOf } from './rank.ts'
import { type Things, thingsIn } from './things.ts'
import { wordsOf } from './words.ts'

/** The best is run when it has so much of the question, and is so much better than the next. */
const COVERED = 0.45
const AHEAD = 1.12
const NEAREST = 3

export interface Offline {
  /** The result of what was run; undefined when nothing was clear enough. */
  result: Result | undefined
  nearest: Nearest[]
  span: Span | undefined
  notes: string[]
}

/** A question, a view or a table, as it is found by words. */
export interface Findable extends Entry {
  name: string
  kind: 'query' | 'view' | 'table'
  title: string
  doc: string
  question: NamedQuestion | undefined
  columns: readonly string[]
}

/** Questions with names, views and tables, to be found by words: titles count most, then names, sentences and columns. */
export function findables(questions: readonly NamedQuestion[], tables: readonly Described[]): Findable[] {
  return [
    ...questions.map(
      (question): Findable => ({
        ...{
          name: question.name,
          kind: 'query',
          title: question.title,
          doc: question.doc,
          question,
          columns: [],
        },
        texts: [
          { text: question.title, weight: 3 },
          { text: question.name, weight: 2 },
          { text: question.doc, weight: 1 },
          { text: question.parameters.map(({ name, doc }) => `${name} ${doc}`).join(' '), weight: 0.4 },
        ],
      }),
    ),
    ...tables
      .filter(({ name }) => !name.includes('.'))
      .map((view): Findable => {
        const [title = '', ...rest] = view.doc.split('. ')
        const { name, kind } = view
        return {
          ...{ name, kind, title, doc: rest.join('. '), question: undefined },
          columns: view.columns.map((column) => column.name),
          texts: [
            { text: title, weight: 2 },
            { text: view.name.replaceAll('_', ' '), weight: 1.5 },
            { text: rest.join('. '), weight: 1 },
            {
              // A table of a log has more columns than a view: all that is said of them would be most of its words.
              text: view.columns
                .map(({ name, doc }) => `${name.replaceAll('_', ' ')} ${kind === 'view' ? doc : ''}`)
                .join(' '),
              weight: kind === 'view' ? 0.15 : 0.08,
            },
          ],
        }
      }),
  ]
}

/** Words that ask for a number of rows: a table has it, and rarely a question with a name. */
const COUNTS = /\b(?:how many|how often|number of|count|percentage|share of)\b/i
const API_CALLS = /\bAPI[ -]calls?\b/i
/** What a view counts beside a question with a name. */
const VIEW = 0.8

export interface Finder {
  /** The questions, views and tables that are nearest to a question, the best first. */
  rank(question: string, things: Things): Ranked<Findable>[]
  /** Whether a word is one that questions with names and views are made of. */
  knows(word: string): boolean
}

/** Tables are ranked among themselves: their many columns would make words common that are rare in questions. */
export function finderOf(all: readonly Findable[]): Finder {
  const answers = rankingOf(all.filter(({ kind }) => kind !== 'table'))
  const tables = rankingOf(all.filter(({ kind }) => kind === 'table'))
  return {
    knows: answers.knows,
    rank(question, things) {
      const { text } = inEnglish(question)
      const words = inKinds(text, things, answers.knows)
      const found = answers.rank(words, ({ question: named }) => (named ? boostOf(named, things) : VIEW))
      // Calls are counted, or an API, a service or an error is named that the best does not tell of: it is in rows of calls.
      const own = new Set(found[0]?.entry.texts.flatMap((one) => wordsOf(one.text)))
      const isOfCalls =
        (COUNTS.test(text) && API_CALLS.test(text)) ||
        things.words.some(
          ({ word, kind }) => OF_CALLS.has(kind) && !wordsOf(word).some((part) => own.has(part)),
        )
      const [table] = tables.rank(
        words,
        ({ title, columns }) =>
          (IN_PARTS.test(title) ? PARTS : 1) * (isOfCalls && columns.includes('eventname') ? CALLS : 1),
      )
      if (table) found.splice(isOfCalls ? 0 : COUNTS.test(text) ? 2 : NEAREST, 0, table)
      return found
    },
  }
}

/** Tables whose rows have to be put together before they tell anything. */
const IN_PARTS = /, in (?:parts|versions)\b/
const PARTS = 0.8
/** A service, an API or an error is named: tables that have such. */
const CALLS = 4
const OF_CALLS: ReadonlySet<NameKind> = new Set(['service', 'call', 'error'])

/** The question with the kinds of the things that it names in their place: `goran@example.com` is a person. */
function inKinds(question: string, things: Things, isCommon: (word: string) => boolean): string {
  const kinds: readonly (readonly [string, readonly string[]])[] = [
    ['resource', things.arns],
    ['access key', things.keys],
    ['person', things.emails],
    ['session', things.sessions],
    ['event', things.uuids],
    ['address', things.addresses],
    ['resource', things.instances],
    ['region', things.regions],
    ['account', things.accounts],
    ['', things.moments],
  ]
  let text = question
  for (const [kind, texts] of kinds) for (const one of texts) text = text.replaceAll(one, ` ${kind} `)
  for (const { word, kind } of things.words.filter((one) => !(OF_CALLS.has(one.kind) && isCommon(one.word))))
    text = text.replace(wordForm(word), (own) => `${KINDS[kind].keeps ? own : ''} ${KINDS[kind].text} `)
  return text
}

/** What the kind of a name is called; a word of an API says more than that. */
const KINDS: Record<NameKind, { text: string; keeps?: true }> = {
  person: { text: 'person' },
  role: { text: 'role' },
  service: { text: 'service API call', keeps: true },
  call: { text: 'API call', keeps: true },
  error: { text: 'error API call', keeps: true },
}

function wordForm(word: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}._-])${word.replace(/[.+]/g, '\\$&')}(?![\\p{L}\\p{N}_-])`, 'giu')
}

/** Answers without a model: by the question that is meant, when that is clear, else by those that are nearest. */
export async function answerOffline(
  question: string,
  desk: Desk,
  now: Now,
  tell: (progress: Omit<Progress, 'kind'>) => void,
): Promise<Offline> {
  tell({ step: 'looking', text: 'looking for a question with a name' })
  const { text, language } = inEnglish(question)
  const { span, unread } = timeIn(text, now)
  const all = findables(await desk.questions(), await desk.tables())
  const finder = finderOf(all)
  const things = thingsIn(question, await namesIn(text, desk, finder.knows))
  const ranked = finder.rank(question, things)
  // A table is shown beside them: it is asked by SQL, and never run as it is.
  const [best, next] = ranked.filter(({ entry }) => entry.kind !== 'table')
  const filledOf = ({ question: named }: Findable): Filled =>
    named ? parametersFrom(named, things, span) : { parameters: {}, tellsTime: false }
  const nearest = ranked.slice(0, NEAREST).map(({ entry }) => nearestOf(entry, filledOf(entry), span, things))
  const notes = unread.map(
    (words) =>
      `${JSON.stringify(words)} cannot be read as a time that was: write it as 2026-01-07, or 2026-01-07T22:00:00Z.`,
  )
  if (language !== undefined) notes.push(`Read as ${language}, word by word: ${JSON.stringify(text)}.`)
  if (!best || unread.length > 0 || !isClear(best, next)) return { result: undefined, nearest, span, notes }
  const { entry } = best
  const filled = filledOf(entry)
  const { parameters, tellsTime } = filled
  const own = new Set(entry.texts.flatMap((one) => wordsOf(one.text)))
  const left = untaken(things, filled, span, (word) => wordsOf(word).some((part) => own.has(part)))
  if (left.length > 0) {
    notes.push(
      `${entry.name} is near, and would tell of more than was asked: nothing in it takes ${left.join(', ')}.`,
    )
    return { result: undefined, nearest, span, notes }
  }
  const within = tellsTime || !span ? {} : { since: span.from, until: span.until }
  tell({ step: 'running', text: `running ${entry.name}` })
  try {
    const result =
      entry.kind === 'query'
        ? await desk.named(entry.name, parameters, within)
        : await desk.view(entry.name, within)
    if (span) notes.push(`Rows ${span.said}.`)
    if (result.rows.length === 0) notes.push(await desk.standing())
    return { result, nearest: nearest.filter(({ name }) => name !== entry.name), span, notes }
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    notes.push(`${entry.name} could not be run: ${sentence(thrown).split('\n')[0]}`)
    return { result: undefined, nearest, span, notes }
  }
}

function isClear(best: Ranked<Findable>, next: Ranked<Findable> | undefined): boolean {
  return (
    best.entry.kind !== 'table' &&
    best.covered >= COVERED &&
    (next === undefined || best.score >= next.score * AHEAD)
  )
}

function nearestOf(
  { name, kind, title, doc, columns }: Findable,
  { parameters, tellsTime }: Filled,
  span: Span | undefined,
  things: Things,
): Nearest {
  const within =
    tellsTime || !span
      ? []
      : [...(span.from ? [`--since ${span.from}`] : []), ...(span.until ? [`--until ${span.until}`] : [])]
  const set = Object.entries(parameters).map(([key, value]) => `--set ${key}=${shellQuoted(value)}`)
  const command =
    kind === 'query'
      ? ['loglake queries', name, ...set, ...within]
      : [`loglake query "from ${name}${kind === 'table' ? conditionOf(columns, things) : ''}"`, ...within]
  return { name, kind, title, doc, parameters, command: command.join(' ') }
}

/** What of a table the names of a question choose, where it has columns for them. */
function conditionOf(columns: readonly string[], { services, calls, errors }: Things): string {
  // In the shell's double quotes, and in SQL's single ones: names with other characters are left out.
  const among = (column: string, values: readonly string[]) => {
    const plain = values.filter((value) => /^[\w@.:+=,/-]+$/.test(value))
    if (plain.length === 0 || !columns.includes(column)) return []
    return [`${column} in (${plain.map((value) => `'${value}'`).join(', ')})`]
  }
  const all = [...among('eventsource', services), ...among('eventname', calls), ...among('errorcode', errors)]
  return all.length === 0 ? '' : ` where ${all.join(' and ')}`
}
