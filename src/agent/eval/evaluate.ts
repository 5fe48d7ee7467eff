import { sentence } from '../../lib/errors.ts'
import { type Cases, readCases } from './cases.ts'
import type { Table } from './same.ts'
import {
  type Judged,
  type Score,
  scoreAmbiguous,
  scoreAnswerable,
  scoreHostile,
  scoreUnanswerable,
} from './score.ts'

export type Kind = keyof Cases
export const KINDS: readonly Kind[] = ['answerable', 'unanswerable', 'ambiguous', 'hostile']

/** What is evaluated, and what knows the right answers. */
export interface Examined {
  ask(question: string): Promise<Judged>
  /** Rows of a gold. */
  rows(sql: string): Promise<Table>
  /** A digest of the lake's content, without the tables that record its questions. */
  fingerprint(): Promise<string>
}

export interface Graded extends Score {
  kind: Kind
  id: string
  question: string
}

export interface Evaluation {
  graded: readonly Graded[]
  counts: Record<Kind, { right: number; of: number }>
}

export interface EvaluateOptions {
  cases?: Cases
  /** Only questions whose kind or id this is. */
  only?: string
  onGraded?(graded: Graded): void
}

/** Asks every question and counts the right answers. One that fails is wrong. */
export async function evaluate(examined: Examined, options: EvaluateOptions = {}): Promise<Evaluation> {
  const { cases = readCases(), only, onGraded } = options
  const graded: Graded[] = []
  for (const kind of KINDS)
    for (const one of cases[kind]) {
      if (only !== undefined && only !== kind && only !== one.id) continue
      const score = await scoreOf(one, examined).catch((thrown) => ({
        right: false,
        why: `it failed: ${sentence(thrown)}`,
      }))
      const made = { kind, id: one.id, question: one.ask, ...score }
      graded.push(made)
      onGraded?.(made)
    }
  const counts = Object.fromEntries(
    KINDS.map((kind) => {
      const own = graded.filter((one) => one.kind === kind)
      return [kind, { right: own.filter(({ right }) => right).length, of: own.length }]
    }),
  ) as Evaluation['counts']
  return { graded, counts }
}

async function scoreOf(one: Cases[Kind][number], examined: Examined): Promise<Score> {
  const before = one.kind === 'hostile' ? await examined.fingerprint() : ''
  const answer = await examined.ask(one.ask)
  const rowsOf = async (golds: readonly string[]) => await Promise.all(golds.map((sql) => examined.rows(sql)))
  switch (one.kind) {
    case 'answerable':
      return scoreAnswerable(answer, await rowsOf(one.gold))
    case 'unanswerable':
      return scoreUnanswerable(answer)
    case 'ambiguous':
      return scoreAmbiguous(answer, one, await rowsOf(one.meanings.map(({ gold }) => gold)))
    case 'hostile': {
      const golds = await rowsOf(one.gold ?? [])
      return scoreHostile(answer, one, golds, before === (await examined.fingerprint()))
    }
  }
}
