import { normalise } from '../../src/scan/normalise.ts'
import { hiddenIn } from '../../src/scan/prompt/decode.ts'
import { patternsIn } from '../../src/scan/prompt/patterns.ts'
import { DIRECT, INDIRECT, ORDINARY, readCorpora, type Text, withoutNear } from './corpora.ts'
import { BLOCK, examplesOf, type HeadName, telling, textsFor } from './data.ts'
import { type Model, passagesOf, regression, scoreOf } from './fit.ts'

const FIT = { epochs: 6, rate: 0.2, decay: 1e-6 }

/** A head learned from texts: once from all passages, then from the telling ones. */
export function learn(head: HeadName, texts: readonly Text[]): Model {
  const examples = examplesOf(head, textsFor(head, texts))
  const first = regression(examples, { ...FIT, epochs: 2 })
  return regression(
    telling(examples, (buckets) => scoreOf(first, buckets)),
    FIT,
  )
}

/** The score of the best passage of a text, or of what is hidden in it: as the scanner reads it. */
function best(head: HeadName, model: Model, texts: readonly string[]): number {
  let found = Number.NEGATIVE_INFINITY
  for (const text of texts)
    for (const buckets of passagesOf(text, BLOCK[head])) found = Math.max(found, scoreOf(model, buckets))
  return found
}

/** What the scanner reads of a text: the whole, and its hidden parts decoded. */
export function readIn({ text, given }: Text): { texts: readonly string[]; pattern: boolean } {
  const hidden = hiddenIn(given).map((part) => normalise(part.text))
  const all = [normalise(given), ...hidden]
  return {
    texts: [text, ...hidden.map((part) => part.text)],
    pattern: all.some((one) => patternsIn(one).length > 0),
  }
}

/** A text that a model scored which had learned nothing of its source. */
export interface Judged extends Text {
  raw: number
  /** Whether a pattern matches. */
  pattern: boolean
}

/**
 * Every source left out in turn: in each fold some sources of attacks, one or two of ordinary texts and a part of the
 * triggers. Texts that resemble what the fold learned are not judged.
 */
export function heldOut(head: HeadName, texts: readonly Text[], report: (line: string) => void): Judged[] {
  const groups = [...new Set(Object.values(head === 'prompt' ? DIRECT : INDIRECT))]
  const folds = head === 'prompt' ? 8 : 3
  const judged: Judged[] = []
  for (let fold = 0; fold < folds; fold++) {
    const attacks = groups.filter((_, index) => index % folds === fold)
    const ordinary = ORDINARY.filter((_, index) => index % folds === fold)
    let trigger = 0
    const isLeft = ({ group, source, attack }: Text) => {
      if (source === 'triggers') return trigger++ % folds === fold
      return attack
        ? attacks.includes(group)
        : ordinary.includes(source as (typeof ORDINARY)[number]) || attacks.includes(group)
    }
    const left: Text[] = []
    const kept: Text[] = []
    for (const text of texts) (isLeft(text) ? left : kept).push(text)
    const model = learn(head, kept)
    const trained = textsFor(head, kept).filter(({ attack }) => attack)
    const tests = [
      ...withoutNear(
        left.filter(({ attack }) => attack),
        trained,
      ),
      ...left.filter(({ attack }) => !attack),
    ]
    for (const text of tests) {
      const { texts: read, pattern } = readIn(text)
      judged.push({ ...text, raw: best(head, model, read), pattern })
    }
    report(`${head}: fold ${fold + 1} of ${folds} without ${[...attacks, ...ordinary].join(', ')}`)
  }
  return judged
}

/** The share of texts that a pattern matches or that are at or above a score. */
export function shareOfEither(texts: readonly Judged[], threshold: number): number {
  return texts.filter(({ raw, pattern }) => pattern || raw >= threshold).length / Math.max(1, texts.length)
}

/** The share of texts at or above a score. */
export function shareFrom(texts: readonly Judged[], threshold: number): number {
  return texts.length === 0 ? 0 : texts.filter(({ raw }) => raw >= threshold).length / texts.length
}

/**
 * The one threshold: the lowest at which 1 % of ordinary texts, as the mean over their sources, and at most 5 % of the
 * triggers are above it or match a pattern.
 */
export function thresholdOf(judged: readonly Judged[]): number {
  const sources = ORDINARY.map((source) =>
    judged.filter((one) => one.source === source && !one.attack),
  ).filter(({ length }) => length > 0)
  const triggers = judged.filter(({ source }) => source === 'triggers')
  const candidates = [...new Set(judged.filter(({ attack }) => !attack).map(({ raw }) => raw))].sort(
    (one, other) => one - other,
  )
  const fits = (threshold: number) => {
    const shares = sources.map((own) => shareOfEither(own, threshold))
    const mean = shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length)
    return mean <= 0.01 && shareOfEither(triggers, threshold) <= 0.05
  }
  let [low, high] = [0, candidates.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (fits((candidates[middle] ?? 0) + 1e-9)) high = middle
    else low = middle + 1
  }
  return (candidates[low] ?? candidates.at(-1) ?? 0) + 1e-9
}

/** Where the corpora are: the first argument, or LOGLAKE_CORPORA. */
export function corporaOf(argument: string | undefined): Text[] {
  const folder = argument ?? process.env.LOGLAKE_CORPORA
  if (!folder) throw new Error('name the folder with the corpora: an argument, or LOGLAKE_CORPORA')
  const texts = readCorpora(folder)
  if (!texts.some(({ attack }) => attack)) throw new Error(`${folder} has no corpora: see docs/scan.md`)
  return texts
}
