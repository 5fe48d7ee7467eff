import { type Output, useAsk } from '../../api/client.ts'
import { plural } from '../../time/format.ts'
import { Empty, Part } from '../../ui/states.tsx'
import { DayGrid, type DayRow } from './day-grid.tsx'

const DAYS = 35
const WORDS = { complete: 'complete', gap: 'a gap', arriving: 'still arriving', none: 'no files' } as const

/** Whether each source has a file for every hour of a day. */
export function Calendar() {
  const completeness = useAsk('completeness', { days: DAYS })
  return (
    <section className="card calendar">
      <header>
        <h2>Completeness</h2>
        <small>by account, Region and day, from the hours in the files' names</small>
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
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title="No file has an hour in its name">
              Files of CloudTrail and of Firehose are named after their hour.
            </Empty>
          ) : (
            <DayGrid
              label="Completeness by day"
              days={(rows[0]?.days ?? []).map(({ day }) => day)}
              rows={rows.map(rowOf)}
            />
          )
        }
      </Part>
    </section>
  )
}

function rowOf({ account, region, service, place, days }: Output<'completeness'>['rows'][number]): DayRow {
  return {
    name: service,
    note: [account, region].filter(Boolean).join(' · '),
    title: place,
    days: days.map(({ files, hours, state }) => ({
      state,
      label: WORDS[state],
      detail: `${WORDS[state]}, ${plural(files, 'file')} of ${plural(hours, 'hour')}`,
    })),
  }
}
