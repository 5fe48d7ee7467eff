import { DAY_MS } from '../../lib/day.ts'
import { bookAt } from '../../review/book.ts'
import { chosenOf } from '../../review/population.ts'
import { rightsOf } from '../../review/rights.ts'
import { isOpen, type Step, stateOf } from '../../review/state.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { questionsWaiting } from './questions.ts'
import { asSubject } from './review-of.ts'
import { keptSubjectRows, subjectRows } from './sessions.ts'
import type { SubjectRow } from './subject.ts'
import { summaryStanding } from './summaries.ts'

type Becomes = 'confirmed' | 'denied' | 'open' | 'overdue' | 'left_out'

/** Each session has one of these five states. */
interface Counted {
  row: SubjectRow
  becomes: Becomes
  reason: string | null
  reviewer: string | null
  steps: readonly Step[]
}

/** Auditors see no session but the state of all of them: the report counts without the reader's limit. */
async function countedIn(context: Context, from: string, to: string): Promise<Counted[]> {
  const { reader, reviews, lake, version, readAll } = context
  const whole = reader.role === 'operator' || reader.role === 'auditor'
  const reading: Context = whole
    ? {
        ...context,
        objects: <Row>(sql: string, values?: Parameters<Context['objects']>[1]) =>
          readAll<Row>(version, sql, values),
      }
    : context
  const rows = await subjectRows(reading, { from, to })
  const book = await bookAt(lake, version, readAll)
  const people = reviews.people()
  const now = context.now().toISOString()
  return rows.map((row) => {
    const chosen = chosenOf(asSubject(row), reviews.rules, people)
    if (chosen.kind === 'left out')
      return { row, becomes: 'left_out', reason: chosen.reason, reviewer: null, steps: [] }
    const steps = book.steps.get(chosen.id) ?? []
    const state = stateOf(steps, chosen.begun)
    const { reviewer } = state
    if (state.name === 'withdrawn')
      return { row, becomes: 'left_out', reason: withdrawnFor(steps), reviewer, steps }
    if (state.name === 'closed')
      return {
        row,
        becomes: state.decision === 'deny' ? 'denied' : 'confirmed',
        reason: null,
        reviewer,
        steps,
      }
    return { row, becomes: state.due < now ? 'overdue' : 'open', reason: null, reviewer, steps }
  })
}

function withdrawnFor(steps: readonly Step[]): string {
  return `withdrawn: ${steps.findLast(({ kind }) => kind === 'withdrawn')?.reason ?? ''}`
}

export async function periodReportOf(input: { from: string; to: string }, context: Context): Promise<Answer> {
  const counted = await countedIn(context, input.from, input.to)
  const count = (of: (one: Counted) => boolean) => counted.filter(of).length
  const is = (name: Becomes) => count(({ becomes }) => becomes === name)
  const people = context.reviews.people()
  const standing = await summaryStanding(context.version)
  const excluded = group(
    counted.filter(({ becomes }) => becomes === 'left_out'),
    ({ reason }) => reason ?? '',
  )
  const numbers = {
    found: counted.length,
    confirmed: is('confirmed'),
    denied: is('denied'),
    open: is('open'),
    overdue: is('overdue'),
  }
  const { found, ...parts } = numbers
  const all = Object.values(parts).reduce((sum, part) => sum + part, 0) + is('left_out')
  return {
    kind: 'json',
    seen: { rows: counted.length },
    value: {
      version: context.version.number,
      ...numbers,
      left_out: [...excluded].map(([reason, own]) => ({ reason, sessions: own.length })),
      adds_up: found === all,
      by_day: byDay(counted),
      reviewers: reviewersOf(counted),
      changed_since: count(({ steps }) => steps.some(({ kind }) => kind === 'changed_since')),
      second_looks: {
        upheld: count(({ steps }) => steps.at(-1)?.kind === 'upheld'),
        overturned: count(({ steps }) => steps.at(-1)?.kind === 'overturned'),
        waiting: count(({ steps }) => steps.at(-1)?.kind === 'decided' && isSecondLook(steps)),
      },
      people_file: { sha256: people.sha256, read: people.changed, people: people.lines.length },
      complete_to: standing.rows === 0 ? context.version.catalog.at || null : null,
    },
  }
}

function isSecondLook(steps: readonly Step[]): boolean {
  return isOpen(stateOf(steps, { reviewer: null, due: '' }))
}

function byDay(counted: readonly Counted[]) {
  const days = group(counted, ({ row }) => (row.started ?? row.ended ?? '').slice(0, 10))
  return [...days]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, own]) => {
      const is = (name: Becomes) => own.filter(({ becomes }) => becomes === name).length
      return {
        day,
        found: own.length,
        confirmed: is('confirmed'),
        denied: is('denied'),
        open: is('open'),
        overdue: is('overdue'),
        left_out: is('left_out'),
      }
    })
}

function reviewersOf(counted: readonly Counted[]) {
  const reviewed = counted.filter(({ becomes }) => becomes !== 'left_out')
  return [...group(reviewed, ({ reviewer }) => reviewer)].map(([reviewer, own]) => ({
    reviewer,
    assigned: own.length,
    decided: own.filter(({ becomes }) => becomes === 'confirmed' || becomes === 'denied').length,
    overdue: own.filter(({ becomes }) => becomes === 'overdue').length,
    median_seconds: median(own.flatMap(({ steps }) => secondsOf(steps))),
  }))
}

/** Seconds with the page in the foreground, as decisions record them. */
function secondsOf(steps: readonly Step[]): number[] {
  return steps.flatMap(({ kind, detail }) => {
    if (kind !== 'decided' || detail === null) return []
    return [(JSON.parse(detail) as { checklist?: { seconds?: number } }).checklist?.seconds ?? 0]
  })
}

function median(numbers: number[]): number | null {
  if (numbers.length === 0) return null
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] as number
}

function group<Item, Key>(items: readonly Item[], of: (item: Item) => Key): Map<Key, Item[]> {
  const found = new Map<Key, Item[]>()
  for (const item of items) {
    const own = found.get(of(item))
    if (own) own.push(item)
    else found.set(of(item), [item])
  }
  return found
}

/** Age up to which open reviews are counted. */
const BACK_MS = 400 * DAY_MS
const HOUR_MS = 3_600_000

export async function waitingReviewsOf(_: object, context: Context): Promise<Answer> {
  const now = context.now()
  // Rounded to whole hours, so that most pages find the answer cached.
  const hourMs = Math.floor(now.getTime() / HOUR_MS) * HOUR_MS
  const rows = await keptSubjectRows(context, {
    from: new Date(hourMs - BACK_MS).toISOString(),
    to: new Date(hourMs + DAY_MS).toISOString(),
  })
  const { reviews, lake, version, readAll, reader } = context
  const book = await bookAt(lake, version, readAll)
  const people = reviews.people()
  let mine = 0
  let overdue = 0
  let unassigned = 0
  let next: string | null = null
  for (const row of rows) {
    const chosen = chosenOf(asSubject(row), reviews.rules, people)
    if (chosen.kind === 'left out') continue
    const state = stateOf(book.steps.get(chosen.id) ?? [], chosen.begun)
    if (!isOpen(state)) continue
    const at = now.toISOString()
    if (state.due < at) overdue++
    if (state.reviewer === null) unassigned++
    if (!rightsOf(reader, state, { person: row.who, book, now: at }).mine) continue
    mine++
    if (next === null || state.due < next) next = state.due
  }
  return {
    kind: 'json',
    value: {
      version: version.number,
      mine,
      overdue,
      unassigned,
      next_due: next,
      questions: await questionsWaiting(context),
    },
  }
}
