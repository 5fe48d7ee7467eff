import type { Output } from '../../api/client.ts'
import { plural } from '../../time/format.ts'
import { type Day, DayGrid, type DayRow } from './day-grid.tsx'

type Data = NonNullable<Output<'sources'>['digests']>
type Share = Data['days'][number]

/** Only the newest days fit in the grid. */
const MAX_DAYS = 35

/** The share of CloudTrail's log files that its signed digests prove to be present and unchanged. */
export function Digests({
  digests: { percent, same, named, unnamed, awaited, days: shares },
}: {
  digests: Data
}) {
  const days = [...new Set(shares.map(({ day }) => day))].sort().slice(-MAX_DAYS)
  return (
    <section className="card calendar digests">
      <header>
        <h2>Proved by CloudTrail’s digests</h2>
        <small>
          {percent} %: {same} of {plural(named, 'file')} in digests are here as AWS signed them
          {unnamed > 0 && `; ${plural(unnamed, 'file')} in no digest`}
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
        <DayGrid label="Proved by digests, by day" days={days} rows={rowsOf(shares, days)} />
      )}
    </section>
  )
}

function rowsOf(shares: readonly Share[], days: readonly string[]): DayRow[] {
  const byTrail = new Map<string, Map<string, Share>>()
  for (const share of shares) {
    const name = `${share.account} · ${share.region}`
    byTrail.set(name, (byTrail.get(name) ?? new Map()).set(share.day, share))
  }
  return [...byTrail].sort().map(([name, own]) => ({ name, days: days.map((day) => dayOf(own.get(day))) }))
}

function dayOf(share: Share | undefined): Day {
  const waits =
    share && share.awaited > 0 ? `${plural(share.awaited, 'file')} without a digest yet` : undefined
  // A file that waits for its digest is not proved, and is not missing either.
  const state = !share ? 'none' : share.percent < 100 ? 'gap' : waits ? 'arriving' : 'complete'
  const proved = share && state !== 'arriving' ? `${share.percent} %` : undefined
  const label = share ? [proved, waits].filter(Boolean).join(', ') : 'no files'
  return { state, label, detail: label }
}
