import type { Claim } from '../contract.ts'
import type { Bench } from '../tools.ts'

/** What a run of the planner is seen doing: for progress and for transcripts. */
export interface PlannerStep {
  kind: 'tool' | 'text' | 'answer' | 'compacted'
  tool: string
  /** As the model wrote it, cut. */
  input: string
  outcome: 'done' | 'refused'
  /** The text that the model got, with handles. */
  said: string
}

export interface Planned {
  claims: Claim[]
  suggestions: string[]
  notes: string[]
  /** `answered`, or the bound that ended it. */
  ended: string
}

/** What every part of a run works with. */
export interface Run {
  bench: Bench
  onStep(step: PlannerStep): void
}
