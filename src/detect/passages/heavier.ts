import type { Scorer, TextRole } from '../../scan/contract.ts'
import { batched, configuredScorer } from '../../scorers/index.ts'
import type { NewRows, Rule } from '../contract.ts'
import type { DetectSettings, HeavierScorer } from '../settings.ts'

/**
 * A heavier scorer in addition to our scanners: texts are collected, cut into passages and asked about many
 * at a time. When it fails, or takes too long, it is left out for the rest of the turn, which is reported
 * like a rule that failed; our scanners' findings do not wait for it.
 */

/** Characters of a passage, as many as such models read at once, and what two neighbours have in common. */
const LONGEST = 1_000
const SHARED = 200
/** Passages that are collected before the scorer is asked. */
const MANY = 256
/** Time that a turn may spend with the scorer. */
const TURN_MS = 300_000

/** Created once for the same settings: its cache outlives a turn. */
const known = new WeakMap<HeavierScorer, Scorer>()

function scorerOf(settings: HeavierScorer): Scorer {
  const scorer =
    known.get(settings) ??
    (settings.kind === undefined ? batched(settings.scorer) : configuredScorer(settings))
  known.set(settings, scorer)
  return scorer
}

/** A text about which the scorer is asked, and what its finding needs. */
export interface Asked<About> {
  text: string
  role: TextRole
  about: About
}

export interface Scored<About> extends Asked<About> {
  score: number
  /** The scorer and its version. */
  found: string
}

export interface Heavier<About> {
  add(asked: Asked<About>): void
  /**
   * The passages at or above the least score, of the texts added since; nothing before they are many, or all.
   */
  scored(all: boolean): Promise<Scored<About>[]>
}

/** @param rule under whose name a failure is reported */
export function heavier<About>(
  { scorer: settings }: DetectSettings,
  { failed, signal }: Pick<NewRows, 'failed' | 'signal'>,
  rule: Rule,
): Heavier<About> | undefined {
  if (!settings) return undefined
  const { least } = settings
  const name = settings.kind === undefined ? settings.scorer.name : settings.name
  const until = Date.now() + TURN_MS
  let waiting: Asked<About>[] = []
  let isOut = false

  async function ask(asked: readonly Asked<About>[]): Promise<Scored<About>[]> {
    if (Date.now() > until) throw new Error(`it took more than ${TURN_MS / 1000} seconds of a turn`)
    const scorer = scorerOf(settings as HeavierScorer)
    const scores = await scorer.score(asked, signal)
    return asked.flatMap((one, at) => {
      const score = scores[at] as number
      return score < least ? [] : [{ ...one, score, found: `${scorer.name} ${scorer.version}` }]
    })
  }

  return {
    add({ text, role, about }) {
      if (isOut) return
      for (let from = 0; from === 0 || from < text.length - SHARED; from += LONGEST - SHARED)
        waiting.push({ text: text.slice(from, from + LONGEST), role, about })
    },
    async scored(all) {
      if (isOut || waiting.length === 0 || (waiting.length < MANY && !all)) return []
      const asked = waiting
      waiting = []
      const found: Scored<About>[] = []
      try {
        for (let from = 0; from < asked.length; from += MANY)
          found.push(...(await ask(asked.slice(from, from + MANY))))
      } catch (thrown) {
        signal.throwIfAborted()
        isOut = true
        failed({ ...rule, id: `scorer ${name}`, version: '' }, thrown)
      }
      return found
    },
  }
}
