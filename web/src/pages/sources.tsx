import { Fragment, useState } from 'react'
import { type Output, useAsk } from '../api/client.ts'
import { useAddress } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { bytes, ms, number, plural, relative, span } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { plain } from '../ui/plain.ts'
import { Scrolled } from '../ui/scrolled.tsx'
import { Sideways } from '../ui/sideways.tsx'
import { Empty, Part } from '../ui/states.tsx'
import { When } from '../ui/when.tsx'
import { Digests } from './digests.tsx'
import './sources.css'

type Data = Output<'sources'>

/** Where logs come from, whether they are late, and what could not be read. */
export function Sources() {
  const sources = useAsk('sources', {})
  return (
    <>
      <Header title="Sources" />
      <div className="page roomy sources">
        <Part of={sources} rows={10}>
          {(data) => (
            <>
              <Total data={data} />
              <Table data={data} />
            </>
          )}
        </Part>
        <Calendar />
        {sources.data?.digests && <Digests digests={sources.data.digests} />}
        <Rejects />
        <Part of={sources} rows={4}>
          {(data) => (
            <div className="two">
              <LogTypes data={data} />
              <Followers data={data} />
            </div>
          )}
        </Part>
      </div>
    </>
  )
}

function Total({ data: { total, holes } }: { data: Data }) {
  const { records, objects, percent } = total
  return (
    <>
      <p className={`notice ${percent.records === 100 && percent.objects === 100 ? 'green' : 'amber'}`}>
        <b>
          {percent.objects} % of the objects, {percent.records} % of the records are in.
        </b>
        <span>
          {number(records.read)} records read = {number(records.stored)} stored + {number(records.repeated)}{' '}
          repeated + {number(records.skipped)} skipped + {number(records.rejected)} rejected, from{' '}
          {plural(objects.read, 'object')}
        </span>
      </p>
      {holes.map(({ place, account, region, service, from, to }) => (
        <p key={`${place}${account}${region}${service}${from}`} className="notice amber">
          No file of {service} from {account}, {region}, between {from} and {to}, where files came before and
          after.
        </p>
      ))}
    </>
  )
}

function Table({ data: { sources } }: { data: Data }) {
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
            <tr key={source.name}>
              <td title={source.note ?? undefined}>
                <span className="strong">{plain(source.name)}</span>{' '}
                <span className="faint">{source.type ?? 'not in the configuration'}</span>
                {source.stopped && <span className="tag amber">stopped</span>}
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
          ))}
        </tbody>
      </table>
    </Sideways>
  )
}

const SIGNS = { complete: '', gap: '', arriving: '', none: '' } as const
const WORDS = { complete: 'complete', gap: 'a gap', arriving: 'still arriving', none: 'no files' } as const

function Calendar() {
  const completeness = useAsk('completeness', { days: 35 })
  return (
    <section className="card calendar">
      <header>
        <h2>Did everything come</h2>
        <small>by account, Region and day, from the hours that files are named after</small>
        <span className="spring" />
        <span className="legend">
          {(['complete', 'gap', 'arriving', 'none'] as const).map((state) => (
            <span key={state} className={state}>
              {WORDS[state]}
            </span>
          ))}
        </span>
      </header>
      <Part of={completeness} rows={4}>
        {({ rows, first, last }) =>
          rows.length === 0 || !first || !last ? (
            <Empty title="No file tells its hour">
              Files of CloudTrail and of Firehose have their hour in their name.
            </Empty>
          ) : (
            <Sideways className="grid-box" label="Completeness by day">
              <table>
                <thead>
                  <tr>
                    <th>
                      {shortDay(first)} to {shortDay(last)}
                    </th>
                    {rows[0]?.days.map(({ day }) => (
                      <th key={day} className="day">
                        {Number(day.slice(8))}
                      </th>
                    ))}
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ account, region, service, place, days }) => (
                    <tr key={`${place}${account}${region}${service}`}>
                      <th scope="row" title={place}>
                        {plain(service)}{' '}
                        <span className="faint">{plain([account, region].filter(Boolean).join(' · '))}</span>
                      </th>
                      {days.map(({ day, files, hours, state }) => (
                        <td key={day}>
                          <i
                            className={state}
                            title={`${day}: ${WORDS[state]}, ${plural(files, 'file')} of ${plural(hours, 'hour')}`}
                          >
                            <span className="hidden">{WORDS[state]}</span>
                            {SIGNS[state]}
                          </i>
                        </td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </Sideways>
          )
        }
      </Part>
    </section>
  )
}

function shortDay(day: string): string {
  return `${Number(day.slice(8))} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][Number(day.slice(5, 7)) - 1]}`
}

function Rejects() {
  const { one, change } = useAddress()
  const code = one('code')
  const rejects = useAsk('rejects', { limit: 50, ...(code && { code }) })
  const [open, setOpen] = useState<string>()
  return (
    <Sideways className="card scroll-x" label="Rejected records">
      <header>
        <h2>Rejected records</h2>
        <small>
          kept with their bytes; after a fix, <code>loglake rejects replay</code> reads them again
        </small>
        <span className="spring" />
        {code && (
          <Button look="quiet" onClick={() => change({ code: undefined })}>
            All codes
          </Button>
        )}
      </header>
      <Part of={rejects} rows={3}>
        {({ rows, codes }) =>
          rows.length === 0 ? (
            <Empty title="None was rejected">Every record that was read is in its table.</Empty>
          ) : (
            <>
              {codes.length > 1 && (
                <div className="codes">
                  {codes.map(({ code: name, records }) => (
                    <button key={name} type="button" className="tag" onClick={() => change({ code: name })}>
                      {plain(name)} {number(records)}
                    </button>
                  ))}
                </div>
              )}
              <table className="plain">
                <thead>
                  <tr>
                    <th>Why</th>
                    <th>Object</th>
                    <th className="right n">Record</th>
                    <th className="right n">Size</th>
                    <th className="n">Read</th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map((row) => (
                    <Fragment key={row.id}>
                      <tr>
                        <td title={row.reason ?? ''}>
                          <button
                            type="button"
                            className="value"
                            aria-expanded={open === row.id}
                            onClick={() => setOpen(open === row.id ? undefined : row.id)}
                          >
                            {plain(row.reason ?? row.code ?? '')}
                          </button>
                        </td>
                        <td title={row.object ?? ''} className="mono">
                          {plain((row.object ?? '').split('/').at(-1) ?? '')}
                        </td>
                        <td className="right">{row.position === null ? '' : number(row.position)}</td>
                        <td className="right">{row.size === null ? '' : bytes(row.size)}</td>
                        <td className="faint">
                          <When at={row.ingested} form="relative" />
                        </td>
                      </tr>
                      {open === row.id && (
                        <tr>
                          <td colSpan={5} className="bytes">
                            <Scrolled label="Its bytes" text={plain(row.bytes)} />
                          </td>
                        </tr>
                      )}
                    </Fragment>
                  ))}
                </tbody>
              </table>
            </>
          )
        }
      </Part>
    </Sideways>
  )
}

function LogTypes({ data: { logtypes } }: { data: Data }) {
  return (
    <section className="card">
      <table className="plain">
        <thead>
          <tr>
            <th>Table</th>
            <th className="right n">Rows</th>
            <th className="right n">Objects</th>
            <th className="n when">Newest</th>
          </tr>
        </thead>
        <tbody>
          {logtypes.map(({ name, rows, objects, newest }) => (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td className="right">{number(rows)}</td>
              <td className="right faint">{number(objects)}</td>
              <td className="soft">
                <When at={newest} none="none" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Followers({ data: { followers } }: { data: Data }) {
  return (
    <section className="card">
      <table className="plain">
        <thead>
          <tr>
            <th>Follower</th>
            <th>State</th>
            <th className="right">Behind</th>
          </tr>
        </thead>
        <tbody>
          {followers.map(({ name, state, behind }) => (
            <tr key={name}>
              <td className="mono">{name}</td>
              <td>{plain(state)}</td>
              <td className={`right ${behind.rows > 0 ? 'amber' : 'green'}`}>
                {behind.rows > 0 ? `${plural(behind.rows, 'row')}, ${span(behind.ms)}` : 'up to date'}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
