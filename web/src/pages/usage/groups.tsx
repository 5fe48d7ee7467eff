import type { Output } from '../../api/client.ts'
import { latency, number, short } from '../../time/format.ts'
import { Cost } from '../../ui/cost.tsx'
import { shortModel, shortRole } from '../../ui/identity.ts'
import { Sideways } from '../../ui/sideways.tsx'
import { Spark } from '../../ui/spark.tsx'
import { Value } from '../../ui/value.tsx'
import { DIMENSIONS, type Dimension, missing, whyMissing } from './dimensions.ts'

type Data = Output<'usage'>

export function Groups({
  data,
  by,
  onFilter,
}: {
  data: Data
  by: readonly Dimension[]
  onFilter: (condition: string) => void
}) {
  return (
    <Sideways className="card scroll-x" label="Use by group">
      <table className="plain">
        <thead>
          <tr>
            {by.map((dimension) => (
              <th key={dimension}>{DIMENSIONS.find(([name]) => name === dimension)?.[1]}</th>
            ))}
            <th className="right n">Calls</th>
            <th className="right n">Failed</th>
            <th className="right n">Tokens in</th>
            <th className="right n wide">From cache</th>
            <th className="right n">To cache</th>
            <th className="right n wide">Tokens out</th>
            <th className="right n wide" title="Half of the answers took no longer">
              Half within
            </th>
            <th className="right n wide" title="95 of 100 answers took no longer">
              95 % within
            </th>
            <th className="right n wide" title="99 of 100 answers took no longer">
              99 % within
            </th>
            <th className="right cost">Cost</th>
            <th className="trend" title="Cost, or tokens where nothing has a price">
              Over time
            </th>
          </tr>
        </thead>
        <tbody>
          {data.groups.map((group) => (
            <tr key={JSON.stringify(group.keys)}>
              {group.keys.map((key, index) => (
                <td key={by[index]}>
                  {key === null ? (
                    <span className="faint" title={whyMissing(by[index])}>
                      {missing(by[index])}
                    </span>
                  ) : (
                    <Value
                      field={by[index] as string}
                      value={key}
                      shown={by[index] === 'model' ? shortModel(key) : shortRole(key)}
                      onFilter={onFilter}
                    />
                  )}
                </td>
              ))}
              <td className="right">{number(group.invocations)}</td>
              <td className={`right ${group.failed > 0 ? 'red' : 'faint'}`}>{number(group.failed)}</td>
              <td className="right">{tokens(group.input_tokens, group)}</td>
              <td className="right faint">{tokens(group.cache_read_tokens, group)}</td>
              <td className="right faint">{tokens(group.cache_write_tokens, group)}</td>
              <td className="right">{tokens(group.output_tokens, group)}</td>
              <td className="right faint">
                {group.latency_ms_p50 === null ? '–' : latency(group.latency_ms_p50)}
              </td>
              <td className="right">{group.latency_ms_p95 === null ? '–' : latency(group.latency_ms_p95)}</td>
              <td className="right faint">
                {group.latency_ms_p99 === null ? '–' : latency(group.latency_ms_p99)}
              </td>
              <td className="right">
                <Cost usd={group.cost_usd} unpriced={group.unpriced_tokens > 0} />
              </td>
              <td>
                <Spark values={group.series} width={80} height={20} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

/** A dash where no call has a count of tokens in the logs, which is not the same as zero. */
export function tokens(count: number, group: { invocations: number; uncounted: number }): string {
  return group.uncounted >= group.invocations ? '–' : short(count)
}
