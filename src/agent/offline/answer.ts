import { sentence, UserError } from '../../lib/errors.ts'
import type { Nearest, Progress, Result } from '../contract.ts'
import type { Described, Desk } from '../desk.ts'
import { type Now, type Span, timeIn } from './clock.ts'
import { boostOf, type Filled, type NamedQuestion, parametersFrom, untaken } from './parameters.ts'
import { type Entry, type Ranked, rankingOf } from './rank.ts'
import { type Things, thingsIn } from './things.ts'

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

/** A question or a view, as it is found by words. */
export interface Findable extends Entry {
  name: string
  kind: 'query' | 'view'
  title: string
  doc: string
  question: NamedQuestion | undefined
}

/** Questions with names and views, to be found by words: titles count most, then names, sentences and columns. */
export function findables(questions: readonly NamedQuestion[], tables: readonly Described[]): Findable[] {
  return [
    ...questions.map(
      (question): Findable => ({
        ...{ name: question.name, kind: 'query', title: question.title, doc: question.doc, question },
        texts: [
          { text: question.title, weight: 3 },
          { text: question.name, weight: 2 },
          { text: question.doc, weight: 1 },
          { text: question.parameters.map(({ name, doc }) => `${name} ${doc}`).join(' '), weight: 0.4 },
        ],
      }),
    ),
    ...tables
      .filter(({ kind, name }) => kind === 'view' && !name.includes('.'))
      .map((view): Findable => {
        const [title = '', ...rest] = view.doc.split('. ')
        return {
          ...{ name: view.name, kind: 'view', title, doc: rest.join('. '), question: undefined },
          texts: [
            { text: title, weight: 2 },
            { text: view.name.replaceAll('_', ' '), weight: 1.5 },
            { text: rest.join('. '), weight: 1 },
            {
              text: view.columns.map(({ name, doc }) => `${name.replaceAll('_', ' ')} ${doc}`).join(' '),
              weight: 0.15,
            },
          ],
        }
      }),
  ]
}

/** The questions and views that are nearest to a question, the best first. */
export function nearestTo(question: string, things: Things, all: readonly Findable[]): Ranked<Findable>[] {
  return rankingOf(all).rank(inKinds(question, things), ({ question: named }) =>
    named ? boostOf(named, things) : 0.8,
  )
}

/** The question with the kinds of the things that it names in their place: `goran@example.com` is a person. */
function inKinds(question: string, things: Things): string {
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
  return text
}

/** Answers without a model: by the question that is meant, when that is clear, else by those that are nearest. */
export async function answerOffline(
  question: string,
  desk: Desk,
  now: Now,
  tell: (progress: Omit<Progress, 'kind'>) => void,
): Promise<Offline> {
  tell({ step: 'looking', text: 'looking for a question with a name' })
  const things = thingsIn(question)
  const { span, unread } = timeIn(question, now)
  const all = findables(await desk.questions(), await desk.tables())
  const ranked = nearestTo(question, things, all)
  const [best, next] = ranked
  const filledOf = ({ question: named }: Findable): Filled =>
    named ? parametersFrom(named, things, span) : { parameters: {}, tellsTime: false }
  const nearest = ranked.slice(0, NEAREST).map(({ entry }) => nearestOf(entry, filledOf(entry), span))
  const notes = unread.map(
    (words) =>
      `${JSON.stringify(words)} cannot be read as a time that was: write it as 2026-01-07, or 2026-01-07T22:00:00Z.`,
  )
  if (!best || unread.length > 0 || !isClear(best, next)) return { result: undefined, nearest, span, notes }
  const { entry } = best
  const filled = filledOf(entry)
  const { parameters, tellsTime } = filled
  const left = untaken(things, filled, span)
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
    return { result, nearest: nearest.slice(1), span, notes }
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    notes.push(`${entry.name} could not be run: ${sentence(thrown).split('\n')[0]}`)
    return { result: undefined, nearest, span, notes }
  }
}

function isClear(best: Ranked<Findable>, next: Ranked<Findable> | undefined): boolean {
  return best.covered >= COVERED && (next === undefined || best.score >= next.score * AHEAD)
}

function nearestOf(
  { name, kind, title, doc }: Findable,
  { parameters, tellsTime }: Filled,
  span: Span | undefined,
): Nearest {
  const quoted = (text: string) =>
    /^[\w@.,:/+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
  const within =
    tellsTime || !span
      ? []
      : [...(span.from ? [`--since ${span.from}`] : []), ...(span.until ? [`--until ${span.until}`] : [])]
  const set = Object.entries(parameters).map(([key, value]) => `--set ${key}=${quoted(value)}`)
  const command =
    kind === 'query'
      ? ['loglake queries', name, ...set, ...within]
      : [`loglake query "from ${name}"`, ...within]
  return { name, kind, title, doc, parameters, command: command.join(' ') }
}
