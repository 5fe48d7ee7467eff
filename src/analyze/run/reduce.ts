import { counted } from '../../lib/terminal.ts'
import type { Entry } from '../entry.ts'
import { checkedAnswer } from '../map/checked.ts'
import { type Merged, mergedOf } from '../reduce/merge.ts'
import { REDUCE_SYSTEM, REDUCE_TOKENS, reduceSchema, reduceText } from '../reduce/prompt.ts'
import { FLOORS, type Floor, type Knot, knotsOf } from '../reduce/tree.ts'
import { askMany, type Called } from './ask.ts'
import { type Book, type ItemRow, write } from './book.ts'
import type { Deps } from './deps.ts'
import { itemOf } from './map.ts'
import { checkBudget, spentSoFar } from './spent.ts'
import { faultPoint } from './steps.ts'

/** The merged findings, and counts of what was removed. */
export interface Reduced {
  entries: readonly Entry[]
  /** The findings of the items before merging. */
  found: readonly Entry[]
  unknownHandles: number
  refused: number
  struck: number
  /** False when no model is set up for calls on demand: then findings are not merged. */
  isReduced: boolean
  /** Calls that were to merge findings. */
  knots: number
  /** Those of them without a usable answer: their findings stand unchanged. */
  unanswered: number
}

const KEPT_TOGETHER = 20

/**
 * Merges findings level by level, the nodes of a level in parallel. Calls whose answers are in the lake are
 * not repeated.
 */
export async function reduceStage(deps: Deps, book: Book): Promise<Reduced> {
  const counts = { unknownHandles: 0, refused: 0, struck: 0 }
  const found = foundIn(book, counts)
  let entries: readonly Entry[] = found
  if (!deps.model && !hasKnots(book))
    return { entries, found, ...counts, isReduced: false, knots: 0, unanswered: 0 }
  let made = 0
  let unanswered = 0
  for (const floor of FLOORS) {
    const { knots, alone } = knotsOf(book.run, floor, entries, deps.settings.item_tokens)
    await askFloor(deps, book, floor, knots)
    const merged = knots.map((knot) => mergedFrom(book, knot))
    made += knots.length
    unanswered += merged.filter(({ isAnswered }) => !isAnswered).length
    for (const one of merged) {
      counts.unknownHandles += one.unknownHandles
      counts.struck += one.struck
    }
    entries = [...alone, ...merged.flatMap((one) => one.entries)]
  }
  return { entries, found, ...counts, isReduced: true, knots: made, unanswered }
}

/** The findings of the answered items, each checked against its item. */
function foundIn(book: Book, counts: { unknownHandles: number; refused: number; struck: number }): Entry[] {
  const rows = [...book.items.values()].filter(({ kind, state }) => kind === 'map' && state === 'done')
  return rows
    .sort((a, b) => (a.item < b.item ? -1 : 1))
    .flatMap((row) => {
      const checked = checkedAnswer(itemOf(row), row.output ?? '')
      counts.unknownHandles += checked?.unknownHandles ?? 0
      counts.refused += checked?.refused ?? 0
      counts.struck += checked?.struck ?? 0
      return checked?.entries ?? []
    })
}

function hasKnots(book: Book): boolean {
  return [...book.items.values()].some(({ kind }) => kind === 'reduce')
}

function mergedFrom(book: Book, knot: Knot): Merged {
  const row = book.items.get(knot.id)
  return mergedOf(knot, row?.state === 'done' ? (row.output ?? undefined) : undefined)
}

async function askFloor(deps: Deps, book: Book, floor: Floor, knots: readonly Knot[]): Promise<void> {
  const { model, settings, signal, say } = deps
  for (;;) {
    const open = knots.filter(({ id }) => {
      const state = book.items.get(id)?.state
      return state === undefined || state === 'waiting'
    })
    if (open.length === 0 || !model) return
    signal.throwIfAborted()
    const some = open.slice(0, Math.max(KEPT_TOGETHER, settings.concurrency))
    const input = some.reduce((sum, { tokens }) => sum + tokens, 0)
    const next = { input, output: some.length * REDUCE_TOKENS }
    const what = `putting findings together ${floor === 'whole' ? 'as a whole' : `by ${floor}`}`
    checkBudget(book, deps, next, 'on-demand', what)
    const calls = some.map((knot) => ({
      id: knot.id,
      system: REDUCE_SYSTEM,
      text: reduceText(book.run, knot),
      schema: reduceSchema,
      maxTokens: REDUCE_TOKENS,
    }))
    const answers = await askMany(model, calls, settings.concurrency, signal)
    faultPoint('floor-answered')
    const rows = some.map((knot, at) => rowOf(book, knot, answers[at] as Called, settings.attempts))
    await write(deps, book, { kind: 'reduced', detail: { floor, calls: some.length } }, rows)
    faultPoint('floor-kept')
    const failed = rows.filter(({ state }) => state === 'waiting').length
    say(`${what}: ${counted(open.length - some.length + failed, 'call')} left${spentSoFar(book, deps)}`)
  }
}

function rowOf(book: Book, knot: Knot, called: Called, attempts: number): ItemRow {
  const before = book.items.get(knot.id)
  const attempt = (before?.attempt ?? 0) + 1
  const isAnswer = called.kind === 'answer'
  return {
    item: knot.id,
    version: (before?.version ?? 0) + 1,
    kind: 'reduce',
    state: isAnswer ? 'done' : attempt >= attempts ? 'not_analysed' : 'waiting',
    about: knot.key === '' ? knot.floor : knot.key,
    account: null,
    events: knot.entries.reduce((sum, { events }) => sum + events, 0),
    attempt,
    input: JSON.stringify({ floor: knot.floor, entries: knot.entries.map(({ id }) => id) }),
    output: isAnswer ? called.text : null,
    input_tokens: (before?.input_tokens ?? 0) + (called.usage?.input ?? 0),
    output_tokens: (before?.output_tokens ?? 0) + (called.usage?.output ?? 0),
    job: null,
    error: isAnswer ? null : called.why,
  }
}
