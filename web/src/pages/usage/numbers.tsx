import type { Output } from '../../api/client.ts'
import { latency, number, short } from '../../time/format.ts'
import { costFact } from '../../ui/cost.tsx'

export function Numbers({ total }: Pick<Output<'usage'>, 'total'>) {
  const cached =
    total.cache_read_tokens /
    Math.max(1, total.cache_read_tokens + total.input_tokens + total.cache_write_tokens)
  const facts: readonly (readonly [string, string, string])[] = [
    ['Cost', ...costFact(total.cost_usd, total.unpriced_tokens)],
    [
      'Calls',
      number(total.invocations),
      `${number(total.failed)} failed, ${percent(total.failed, total.invocations)}`,
    ],
    [
      'Tokens in',
      short(total.input_tokens),
      `and ${short(total.cache_read_tokens)} read from cache, ${percent(cached, 1)}`,
    ],
    ['Tokens out', short(total.output_tokens), `${short(total.cache_write_tokens)} written to cache`],
    [
      'Latency, median',
      total.latency_ms_p50 === null ? 'not logged' : latency(total.latency_ms_p50),
      total.latency_ms_p95 === null ? '' : `95 % within ${latency(total.latency_ms_p95)}`,
    ],
  ]
  return (
    <dl className="numbers card">
      {facts.map(([name, value, note]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="num">{value}</dd>
          <dd className="note">{note}</dd>
        </div>
      ))}
    </dl>
  )
}

function percent(part: number, of: number): string {
  return of === 0 ? '0 %' : `${((part / of) * 100).toFixed(part === 0 ? 0 : 1)} %`
}
