import { full, ms, number, short, span } from '../../time/format.ts'
import { costText } from '../../ui/cost.tsx'
import { FactList } from '../../ui/facts.tsx'
import type { Data } from './data.ts'

export function Facts({ facts }: { facts: Data['conversation'] }) {
  const started = ms(facts.started) ?? 0
  const list: readonly (readonly [string, string])[] = [
    ['Started', full(started)],
    ['Lasted', span((ms(facts.ended) ?? started) - started)],
    ['Calls', number(facts.calls)],
    ['Model', facts.models.join(', ')],
    [
      'Tokens',
      `${short(facts.input_tokens + facts.cache_read_tokens + facts.cache_write_tokens)} in, ${short(facts.output_tokens)} out`,
    ],
    [
      'Cost',
      facts.cost_usd && facts.unpriced
        ? `${costText(facts.cost_usd, false)} and unpriced tokens`
        : costText(facts.cost_usd, facts.unpriced),
    ],
    ['Tools', facts.tools.join(', ') || 'none'],
  ]
  return <FactList facts={list} />
}
