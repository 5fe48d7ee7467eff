import type { Output } from '../api/client.ts'
import { plural } from '../time/format.ts'
import { plain } from '../ui/plain.ts'
import { Sideways } from '../ui/sideways.tsx'

type Standing = NonNullable<Output<'sources'>['digests']>

/** The newest days that fit beside one another. */
const MOST_DAYS = 35

/** How much of CloudTrail's log files its signed digests prove to be here and unchanged, by account, Region and day. */
export function Digests({
  digests: { percent, same, named, unnamed, awaited, days: all },
}: {
  digests: Standing
}) {
  const days = [...new Set(all.map(({ day }) => day))].sort().slice(-MOST_DAYS)
  const rows = new Map<string, Map<string, Standing['days'][number]>>()
  for (const one of all) {
    const { day, account, region } = one
    const name = `${account} · ${region}`
    rows.set(name, (rows.get(name) ?? new Map()).set(day, one))
  }
  return (
    <section className="card calendar digests">
      <header>
        <h2>Proved by CloudTrail’s digests</h2>
        <small>
          {percent} %: {same} of {plural(named, 'file')} that digests name are here as AWS signed them
          {unnamed > 0 && `; ${plural(unnamed, 'file')} that no digest names`}
          {awaited > 0 && `; ${awaited} wait for a digest`}
        </small>
        <span className="spring" />
        <span className="legend">
          <span className="complete">all</span>
          <span className="gap">less</span>
          <span className="arriving">waits for a digest</span>
        </span>
      </header>
      {days.length > 0 && (
        <Sideways className="grid-box" label="Proved by digests, by day">
          <table>
            <thead>
              <tr>
                <th>
                  {days[0]} to {days.at(-1)}
                </th>
                {days.map((day) => (
                  <th key={day} className="day">
                    {Number(day.slice(8))}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {[...rows].sort().map(([name, shares]) => (
                <tr key={name}>
                  <th scope="row">{plain(name)}</th>
                  {days.map((day) => (
                    <td key={day}>
                      <Day day={day} of={shares.get(day)} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </Sideways>
      )}
    </section>
  )
}

function Day({ day, of }: { day: string; of: Standing['days'][number] | undefined }) {
  const waits = of && of.awaited > 0 ? `${plural(of.awaited, 'file')} without a digest yet` : undefined
  // What no digest has come for is not proved, and no fault.
  const state = !of ? 'none' : of.percent < 100 ? 'gap' : waits ? 'arriving' : 'complete'
  const share = of && state !== 'arriving' ? `${of.percent} %` : undefined
  const words = of ? [share, waits].filter(Boolean).join(', ') : 'no files'
  return (
    <i className={state} title={`${day}: ${words}`}>
      <span className="hidden">{words}</span>
    </i>
  )
}
