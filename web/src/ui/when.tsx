import { usePreferences } from '../preferences.ts'
import { clockTime, dayTime, full, ms, relative } from '../time/format.ts'

/** A time in the reader's zone. Its title is the full form with the zone. */
export function When({
  at,
  form = 'day',
  none = '',
}: {
  at: string | null | undefined
  form?: 'day' | 'clock' | 'full' | 'relative'
  none?: string
}) {
  usePreferences()
  const value = ms(at)
  if (value === undefined) return <span className="faint">{none}</span>
  const shown = { day: dayTime, clock: clockTime, full, relative }[form](value)
  return (
    <time dateTime={new Date(value).toISOString()} title={full(value)} className="num">
      {shown}
    </time>
  )
}
