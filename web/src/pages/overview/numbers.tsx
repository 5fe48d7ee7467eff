import { Link } from '@tanstack/react-router'
import type { Output } from '../../api/client.ts'
import { short } from '../../time/format.ts'
import { costFact } from '../../ui/cost.tsx'
import { Spark } from '../../ui/spark.tsx'

type Data = Output<'overview'>

export function Numbers({ data, t }: { data: Data; t: string }) {
  const { totals, series, before } = data
  const tokens = totals.input_tokens + totals.output_tokens
  const search = { t }
  const [cost, costNote] = costFact(totals.cost_usd, totals.unpriced_tokens)
  const list = [
    {
      name: 'Events',
      value: short(totals.events),
      note: `${short(totals.errors)} refused or failed`,
      values: series.events,
      to: '/activity',
      was: before.events,
      is: totals.events,
    },
    {
      name: 'Model calls',
      value: short(totals.invocations),
      note: `${short(totals.failed)} failed`,
      values: series.invocations,
      to: '/conversations',
      was: before.invocations,
      is: totals.invocations,
    },
    {
      name: 'Tokens',
      value: short(tokens),
      note: `${short(totals.input_tokens)} in, ${short(totals.output_tokens)} out`,
      values: series.tokens,
      to: '/usage',
      was: 0,
      is: 0,
    },
    {
      name: 'Cost',
      value: cost,
      note: costNote,
      values: series.cost_usd,
      to: '/usage',
      was: before.cost_usd ?? 0,
      is: totals.cost_usd ?? 0,
    },
    {
      name: 'Findings',
      value: totals.findings === null ? '–' : short(totals.findings),
      note: totals.findings === null ? 'no rules are set up' : 'in this span',
      values: series.findings,
      to: '/findings',
      was: 0,
      is: 0,
    },
    ...(totals.rejects === null
      ? []
      : [
          {
            name: 'Rejects',
            value: short(totals.rejects),
            note: 'unreadable records',
            values: series.rejects,
            to: '/sources',
            was: 0,
            is: 0,
          },
        ]),
  ]
  return (
    <div className="numbers card">
      {list.map(({ name, value, note, values, to, was, is }) => (
        <Link key={name} to={to as never} search={search as never}>
          <span className="name">{name}</span>
          <span className="value-line">
            <b className="num">{value}</b>
            {values.some((one) => one > 0) && <Spark values={coarse(values)} width={72} />}
          </span>
          <small>
            {note}
            {was > 0 && is > 0 && `, ${change(is, was)}`}
          </small>
        </Link>
      ))}
    </div>
  )
}

/** Sums neighbours until few enough points are left for a small line chart. */
function coarse(values: readonly number[], max = 24): number[] {
  const size = Math.ceil(values.length / max)
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) =>
    values.slice(index * size, (index + 1) * size).reduce((sum, value) => sum + value, 0),
  )
}

function change(is: number, was: number): string {
  const percent = Math.round((is / was - 1) * 100)
  return percent === 0
    ? 'as before'
    : Math.abs(percent) > 999
      ? `${Math.round(is / was)}× before`
      : `${percent > 0 ? '+' : '−'}${Math.abs(percent)} %`
}
