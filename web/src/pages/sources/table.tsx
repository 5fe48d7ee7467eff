import { Fragment } from 'react'
import type { Output } from '../../api/client.ts'
import { ms, number, relative, span } from '../../time/format.ts'
import { plain } from '../../ui/plain.ts'
import { Sideways } from '../../ui/sideways.tsx'
import { Empty } from '../../ui/states.tsx'
import { When } from '../../ui/when.tsx'

type Data = Output<'sources'>

export function Table({ data: { sources } }: { data: Data }) {
  if (sources.length === 0)
    return (
      <div className="card">
        <Empty title="No source is set up">
          Name one in loglake.yaml, or read a folder once with <code>loglake ingest</code>.
        </Empty>
      </div>
    )
  return (
    <Sideways className="card scroll-x" label="Sources">
      <table className="plain">
        <thead>
          <tr>
            <th>Source</th>
            <th className="n when">Newest record</th>
            <th className="n when">Last commit</th>
            <th className="right n">Rate</th>
            <th className="right n">Usual lag</th>
            <th className="right n">Objects</th>
            <th className="right n">Waiting</th>
            <th className="right n">Rejected</th>
          </tr>
        </thead>
        <tbody>
          {sources.map((source) => (
            <Fragment key={source.name}>
              <tr>
                <td title={source.note ?? undefined}>
                  <span className="strong">{plain(source.name)}</span>{' '}
                  <span className="faint">{source.type ?? 'not in the configuration'}</span>
                  {source.stopped && <span className="tag amber">stopped</span>}
                  {source.last_object && (
                    <div className="last mono" title={source.last_object}>
                      <span className="hidden">Last object: </span>
                      {plain(source.last_object.split('/').at(-1) ?? '')}
                    </div>
                  )}
                </td>
                <td>
                  {ms(source.newest) === undefined ? (
                    <span className="faint">none</span>
                  ) : (
                    <When at={source.newest} />
                  )}
                </td>
                <td className="soft">
                  {ms(source.last_commit) === undefined ? '' : relative(ms(source.last_commit) as number)}
                </td>
                <td className="right">
                  {source.rate === null
                    ? '–'
                    : `${source.rate < 10 ? source.rate.toFixed(1) : number(Math.round(source.rate))}/s`}
                </td>
                <td className="right faint">
                  {source.usual_lag_s === null ? '–' : span(source.usual_lag_s * 1000)}
                </td>
                <td className="right">{number(source.objects.read)}</td>
                <td className="right">
                  {source.objects.waiting === null ? (
                    <span className="faint" title={source.note ?? undefined}>
                      unknown
                    </span>
                  ) : (
                    number(source.objects.waiting)
                  )}
                </td>
                <td className={`right ${source.records.rejected > 0 ? 'amber' : 'faint'}`}>
                  {number(source.records.rejected)}
                </td>
              </tr>
              {source.last_error && <LastError source={source} error={source.last_error} />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

type Source = Data['sources'][number]

/** What a source last failed of: in amber while no object came after it. */
function LastError({
  source: { last_commit },
  error: { at, text, object },
}: {
  source: Source
  error: NonNullable<Source['last_error']>
}) {
  const isOver = (ms(last_commit) ?? 0) > (ms(at) ?? 0)
  return (
    <tr className="last-error">
      <td colSpan={8}>
        <div title={plain(text)}>
          <span className={isOver ? 'soft' : 'amber'}>Last error</span> <When at={at} />
          <span>{plain(text)}</span>{' '}
          {object && (
            <span className="mono faint" title={plain(object)}>
              {plain(object.split('/').at(-1) ?? '')}
            </span>
          )}
        </div>
      </td>
    </tr>
  )
}
