import { sentence, UserError } from '../../lib/errors.ts'
import { shellQuoted } from '../../lib/shell.ts'
import type { Nearest, Progress, Result } from '../contract.ts'
import type { AgentQueries } from '../queries.ts'
import { namedLike } from './acts.ts'
import { type Choice, choose } from './choose.ts'
import type { Now, Span } from './clock.ts'
import type { Findable } from './find.ts'
import type { Filled } from './parameters.ts'

const NEAREST = 3

export interface Offline {
  /** The result of the query that was run; undefined when none clearly answers the question. */
  result: Result | undefined
  nearest: Nearest[]
  span: Span | undefined
  notes: string[]
}

/**
 * Answers without a model: runs the named query that clearly answers the question, or lists the nearest ones.
 */
export async function answerOffline(
  question: string,
  queries: AgentQueries,
  now: Now,
  tell: (progress: Omit<Progress, 'kind'>) => void,
): Promise<Offline> {
  tell({ step: 'looking', text: 'looking for a question with a name' })
  const chosen = await choose(question, queries, now)
  const { time, ranked, run, why, filledOf } = chosen
  const { span } = time
  const nearest = ranked.slice(0, NEAREST).map(({ entry }) => nearestOf(entry, filledOf(entry), span, chosen))
  const notes = notesOf(chosen)
  if (!run) {
    if (why !== undefined && time.unread.length === 0) notes.push(why)
    return { result: undefined, nearest, span, notes }
  }
  const entry = run
  const { parameters, tellsTime } = filledOf(entry)
  const within = tellsTime || !span ? {} : { since: span.from, until: span.until }
  tell({ step: 'running', text: `running ${entry.name}` })
  try {
    const result =
      entry.kind === 'query'
        ? await queries.named(entry.name, parameters, within)
        : await queries.view(entry.name, within)
    if (span) notes.push(`Rows ${span.said}.`)
    if (result.rows.length === 0) notes.push(await queries.standing())
    return { result, nearest: nearest.filter(({ name }) => name !== entry.name), span, notes }
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown
    notes.push(`${entry.name} could not be run: ${sentence(thrown).split('\n')[0]}`)
    return { result: undefined, nearest, span, notes }
  }
}

/** No named query summarises a span of time: `loglake digest` does. */
const SUMMARY = /\b(?:summary|summari[sz]e|overview|digest|sum up|recap)\b/i

/** What no table tells of, and the command that does. */
const TOLD_ELSEWHERE: readonly (readonly [asked: RegExp, told: string])[] = [
  [
    /\breviews?\b.*\b(?:wait|waits|waiting|pending|due|overdue|open)\b|\b(?:waiting|pending|due|overdue|open) reviews?\b/i,
    '`loglake review list` tells which reviews wait, and for whom (`--as manager:ana@example.com`: for one person).',
  ],
  [
    /\b(?:followers?|detection|summaries)\b.*\b(?:behind|stuck|late|up to date|lag|lags|lagging)\b/i,
    '`loglake followers` tells how far each follower is behind.',
  ],
  [
    /\broutes?\b.*\b(?:behind|stuck|late|up to date|lag|lags|lagging|paused|waiting)\b/i,
    '`loglake deliver list` tells where each route stands, and what it waits for.',
  ],
  [
    /\b(?:sources?|queues?|trails?)\b.*\b(?:behind|stuck|late|up to date|lag|lags|lagging|stopped)\b/i,
    '`loglake status` tells how far each source is behind.',
  ],
]

/** Notes on how the question was read. */
function notesOf({ text, language, corrections, time, unknown, strange, ranked, why }: Choice): string[] {
  const notes = time.unread.map(
    (words) =>
      `${JSON.stringify(words)} cannot be read as a time that was: write it as 2026-01-07, or 2026-01-07T22:00:00Z.`,
  )
  for (const [word, meant] of corrections)
    notes.push(`${JSON.stringify(word)} was read as ${JSON.stringify(meant)}.`)
  if (language !== undefined) notes.push(`Read as ${language}, word by word: ${JSON.stringify(text)}.`)
  if (unknown.length > 0)
    notes.push(
      `The lake has nobody and nothing called ${unknown.map((word) => JSON.stringify(word)).join(' or ')}.`,
    )
  const untold = ranked.length > 0 ? strange.filter((word) => !why?.includes(`“${word}”`)) : []
  if (untold.length > 0)
    notes.push(
      `No question, view or table here has the word ${untold.map((word) => JSON.stringify(word)).join(' or ')}: what is near may be about something else.`,
    )
  if (SUMMARY.test(text)) {
    const { from, until } = time.span ?? {}
    const within = `${from ? ` --since ${from}` : ''}${until ? ` --until ${until}` : ''}`
    notes.push(`\`loglake digest${within}\` sums up what was new, refused, deleted and loud.`)
  }
  for (const [asked, told] of TOLD_ELSEWHERE) if (asked.test(text)) notes.push(told)
  return notes
}

function nearestOf(
  { name, kind, title, doc, columns }: Findable,
  { parameters, tellsTime }: Filled,
  span: Span | undefined,
  meant: Pick<Choice, 'things' | 'act'>,
): Nearest {
  const within =
    tellsTime || !span
      ? []
      : [...(span.from ? [`--since ${span.from}`] : []), ...(span.until ? [`--until ${span.until}`] : [])]
  const set = Object.entries(parameters).map(([key, value]) => `--set ${key}=${shellQuoted(value)}`)
  const command =
    kind === 'query'
      ? ['loglake queries', name, ...set, ...within]
      : [`loglake query "from ${name}${kind === 'table' ? conditionOf(columns, meant) : ''}"`, ...within]
  return { name, kind, title, doc, parameters, command: command.join(' ') }
}

/** A condition on a table from the names in a question, where it has columns for them. */
function conditionOf(columns: readonly string[], { things, act }: Pick<Choice, 'things' | 'act'>): string {
  const { services, calls, errors } = things
  // In the shell's double quotes, and in SQL's single ones: names with other characters are left out.
  const among = (column: string, values: readonly string[]) => {
    const plain = values.filter((value) => /^[\w@.:+=,/-]+$/.test(value))
    if (plain.length === 0 || !columns.includes(column)) return []
    return [`${column} in (${plain.map((value) => `'${value}'`).join(', ')})`]
  }
  const named = act && columns.includes('eventname') ? [namedLike(act)] : among('eventname', calls)
  const all = [...among('eventsource', services), ...named, ...among('errorcode', errors)]
  return all.length === 0 ? '' : ` where ${all.join(' and ')}`
}
