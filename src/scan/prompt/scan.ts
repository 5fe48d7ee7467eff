import type { ScanOptions, Span, TextRole } from '../contract.ts'
import { type Normalised, normalise } from '../normalise.ts'
import { type Classifier, classifier, type Head, type Scored } from './classifier.ts'
import { hiddenIn } from './decode.ts'
import { patternsIn } from './patterns.ts'
import { documentHead } from './weights/document.ts'
import { promptHead } from './weights/prompt.ts'

export const SCANNER = 'prompt'
/** Version of the patterns; the classifiers have their own. */
const PATTERNS = '2'
export const VERSION = `${PATTERNS}-${promptHead.version}-${documentHead.version}`
export const CLASSIFIER = 'classifier'
const MAX = 1000

/** Not scanned: a system prompt quotes attacks to forbid them, and an answer is not obeyed by a model. */
export const ROLES: readonly TextRole[] = ['user', 'document', 'terminal', 'parameters']

/** A classifier scores the roles that it was trained on; terminals and parameters get patterns only. */
const HEADS: Partial<Record<TextRole, { head: Head; own: Classifier }>> = {
  user: { head: promptHead, own: classifier(promptHead) },
  document: { head: documentHead, own: classifier(documentHead) },
}

/** Attempts to instruct the model, in order. A hidden part with one is a span over the encoded text. */
export function injectionsIn(text: string, role: TextRole, options: ScanOptions = {}): Span[] {
  if (!ROLES.includes(role)) return []
  const max = options.max ?? MAX
  const spans: Span[] = []
  const add = (from: number, to: number, rule: string, score: number) => {
    if (spans.length >= max || score < (options.least ?? 0) || options.without?.includes(rule)) return
    spans.push({ from, to, kind: 'injection', rule, score, scanner: SCANNER, version: VERSION })
  }
  const whole = normalise(text)
  for (const { from, to, rule, score } of found(whole, role, options.least))
    add(whole.placeOf(from), whole.placeOf(to), rule, score)
  for (const hidden of hiddenIn(text)) {
    const seen = new Set<string>()
    for (const { rule, score } of found(normalise(hidden.text), role, options.least)) {
      if (seen.has(rule)) continue
      seen.add(rule)
      add(hidden.from, hidden.to, rule, score)
    }
  }
  return spans.sort((one, other) => one.from - other.from || one.to - other.to)
}

function found(text: Normalised, role: TextRole, least: number | undefined) {
  const matches = patternsIn(text)
  const head = HEADS[role]
  if (!head) return matches
  const passages = peaks(head.own.passages(text.text), least ?? head.head.threshold)
  return [...matches, ...passages.map((passage) => ({ ...passage, rule: CLASSIFIER }))]
}

/**
 * The best of neighbouring passages that reach a score: passages overlap by half, so one attack is in
 * several.
 */
function peaks(passages: readonly Scored[], least: number): Scored[] {
  const kept: Scored[] = []
  let best: Scored | undefined
  for (const passage of passages) {
    if (passage.score < least) {
      if (best) kept.push(best)
      best = undefined
    } else if (!best || passage.score > best.score) best = passage
  }
  if (best) kept.push(best)
  return kept
}
