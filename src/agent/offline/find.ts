import { asSaid, saysNothing, wordsOf } from '../../claims/asked-words.ts'
import type { Described } from '../../claims/contract.ts'
import { actIn, tellsOf } from './acts.ts'
import { inEnglish } from './languages.ts'
import type { NameKind } from './names.ts'
import { nearTo, putPlainly } from './near-words.ts'
import { boostOf, type NamedQuestion } from './parameters.ts'
import { type Entry, type Ranked, rankingOf } from './rank.ts'
import type { Spelling } from './spelling.ts'
import { kindOf, type Things, withoutValues, wordForm } from './things.ts'

/** Tables that are offered as the nearest ones. */
const NEAREST = 3

/** A named query, a view or a table in the index of words. */
export interface Findable extends Entry {
  name: string
  kind: 'query' | 'view' | 'table'
  title: string
  doc: string
  question: NamedQuestion | undefined
  columns: readonly string[]
}

/**
 * Named queries, views and tables as entries of the index: titles count most, then names, sentences and
 * columns.
 */
function findables(questions: readonly NamedQuestion[], tables: readonly Described[]): Findable[] {
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
              // The table of a log has more columns than a view: their descriptions would outweigh its own.
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

/** Words that ask for a count: a table can answer it, and rarely a named query. */
const COUNTS = /\b(?:how many|how often|number of|count|percentage|share of)\b/i
const API_CALLS = /\bAPI[ -]calls?\b/i
/** The weight of a view, relative to a named query. */
const VIEW = 0.8

export interface Finder {
  /** The named queries, views and tables that are nearest to a question, the best first. */
  rank(question: string, things: Things): Ranked<Findable>[]
  /** Whether a word occurs in named queries or views. */
  knows(word: string): boolean
  /** Words of a question that no query, view or table has, nor one that is near to them. */
  strangeIn(question: string, things: Things): string[]
  spelling: Spelling
}

const finders = new WeakMap<readonly Described[], { questions: readonly NamedQuestion[]; finder: Finder }>()

/** The finder of named queries, views and tables; the index of the same lists is made once. */
export function finderIn(questions: readonly NamedQuestion[], tables: readonly Described[]): Finder {
  const known = finders.get(tables)
  if (known?.questions === questions) return known.finder
  const finder = finderOf(findables(questions, tables))
  finders.set(tables, { questions, finder })
  return finder
}

/** Tables are ranked separately: their many columns would make words common that are rare in queries. */
function finderOf(all: readonly Findable[]): Finder {
  const answers = rankingOf(all.filter(({ kind }) => kind !== 'table'))
  const tables = rankingOf(all.filter(({ kind }) => kind === 'table'))
  const has = (word: string) => answers.knows(word) || tables.knows(word)
  return {
    knows: answers.knows,
    strangeIn(question, things) {
      const text = withoutValues(kindOf(question, things)).replaceAll(/['’]s\b/g, '')
      const isStrange = (word: string) => {
        const own = wordsOf(word)
        return own.length > 0 && own.every((one) => !saysNothing(one) && ![one, ...nearTo(one)].some(has))
      }
      return [...new Set(text.match(/\p{L}[\p{L}\p{N}]{2,}/gu) ?? [])].filter(isStrange)
    },
    spelling: {
      heads: new Set(
        all.flatMap(({ name, title }) => `${name} ${title}`.toLowerCase().match(/[a-z]{2,}/g) ?? []),
      ),
      knows: has,
    },
    rank(question, things) {
      const text = asSaid(inEnglish(question).text)
      const words = putPlainly(inKinds(text, things, answers.knows))
      const asked = wordsOf(words)
      const act = actIn(text)
      const isAsked = (word: string) =>
        new RegExp(`\\b${word}\\b`, 'i').test(words) ||
        wordsOf(word).some((one) => asked.some((other) => one === other || nearTo(other).includes(one)))
      const found = answers.rank(words, ({ name, title, question: named }) => {
        const isPart = (title.match(NARROW) ?? []).some((word) => !isAsked(word))
        if (isNameOf(name, asked)) return NAMED * (named ? boostOf(named, things) : 1)
        const told = act && named && tellsOf(headOf({ title, name }), act) ? TOLD : 1
        return told * (named ? boostOf(named, things) : VIEW) * (isPart ? PART : 1)
      })
      // The question counts calls, or names an API, a service or an error that the best entry lacks: rows of
      // calls have it.
      const own = new Set(found[0]?.entry.texts.flatMap((one) => wordsOf(one.text)))
      const isOfCalls =
        (act !== undefined && !(found[0] && tellsOf(headOf(found[0].entry), act))) ||
        (COUNTS.test(text) && API_CALLS.test(text)) ||
        things.words.some(
          ({ word, kind, values }) =>
            OF_CALLS.has(kind) && ![word, ...values].flatMap(wordsOf).some((part) => own.has(part)),
        )
      const [table] = tables
        .rank(isOfCalls ? `${words} API call` : words, ({ title }) => (IN_PARTS.test(title) ? PARTS : 1))
        .filter(({ entry }) => !isOfCalls || OF_CALL.every((one) => entry.columns.includes(one)))
      // It is among the nearest where it has more of the question's words than any query or view.
      const hasMore = table && found.every(({ covered }) => covered < table.covered)
      if (table) found.splice(isOfCalls ? 0 : hasMore || COUNTS.test(text) ? 2 : NEAREST, 0, table)
      return found
    },
  }
}

function headOf({ title, name }: Pick<Findable, 'title' | 'name'>): string {
  return `${title} ${name.replaceAll(/[-_/]/g, ' ')}`
}

/** Whether a question has the words of a query's name, and no others. */
function isNameOf(name: string, asked: readonly string[]): boolean {
  const own = new Set(wordsOf(name.replaceAll(/[-_/]/g, ' ')))
  return asked.length > 0 && own.size === new Set(asked).size && asked.every((word) => own.has(word))
}
const NAMED = 1.3
/** A query whose title has both what was done and what it was done to. */
const TOLD = 2

/** Tables whose rows must be combined before they answer a question. */
const IN_PARTS = /, in (?:parts|versions)\b/
const PARTS = 0.8
/** A title with such a word is about a special case, which the question must ask for. */
const NARROW =
  /\b(?:new|first|never|nobody|rare|fail|failed|refused|denied|without|off|outside|hardly|twice|long|longest|changes|newest|another|other)\b/gi
const PART = 0.75

/** Columns of a table whose rows are calls. */
const OF_CALL = ['eventname', 'eventsource', 'eventid']
/** What is in rows of calls when no query tells of it. */
const OF_CALLS: ReadonlySet<NameKind> = new Set(['service', 'call', 'error'])

/** The question with the kinds of its things, and words for services, APIs and errors. */
function inKinds(question: string, things: Things, isCommon: (word: string) => boolean): string {
  let text = question
  for (const { word, kind } of things.words.filter((one) => OF_CALLS.has(one.kind) && !isCommon(one.word)))
    text = text.replace(wordForm(word), (own) => `${own} ${KINDS[kind]} `)
  return kindOf(text, things)
}

const KINDS: Record<NameKind, string> = {
  person: 'person',
  role: 'role',
  service: 'service API call',
  call: 'API call',
  error: 'error API call',
  endpoint: 'endpoint',
  resource: 'resource',
}
