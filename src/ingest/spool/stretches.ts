import { FEW_DAYS } from '../../lake/table.ts'
import type { Gathering, Stretch } from './contract.ts'
import { dayNumber, dayOf, spanOf } from './days.ts'

/** Which rows go into one file: those of one day, or those of one span of days. */
export function together(gathering: Gathering): Stretch[][] {
  const { parts } = gathering
  const first = parts.reduce((least, { rows }) => Math.min(least, rows.firstDay), 99_999_999)
  const last = parts.reduce((max, { rows }) => Math.max(max, rows.lastDay), 0)
  const isLong = dayNumber(last) - dayNumber(first) > FEW_DAYS
  const files = new Map<string, Stretch[]>()
  for (const part of isLong ? parts.flatMap((one) => stretches(one, gathering)) : parts) {
    const name = isLong ? spanName(part.rows) : dayName(part.rows)
    const file = files.get(name)
    if (file) file.push(part)
    else files.set(name, [part])
  }
  return [...files.values()]
}

/** An object's rows, cut wherever the span of days changes; uncut when their times are unknown. */
function stretches(part: Stretch, { columns, time }: Gathering): Stretch[] {
  const { serial, from, rows } = part
  const micros = columns.times[time]
  if (!micros || spanName(rows) !== 'days') return [part]
  const found: Stretch[] = []
  const end = from + rows.records
  for (let row = from; row < end; ) {
    const start = row
    let first = Math.floor((micros[row] as number) / DAY_MICROS)
    if (Number.isNaN(first)) return [part]
    let last = first
    const span = spanOf(first)
    for (row++; row < end; row++) {
      const day = Math.floor((micros[row] as number) / DAY_MICROS)
      if (spanOf(day) !== span) break
      first = Math.min(first, day)
      last = Math.max(last, day)
    }
    const records = row - start
    const bytes = Math.ceil((rows.bytes * records) / rows.records)
    found.push({
      serial,
      from: start,
      rows: { ...rows, records, bytes, firstDay: dayOf(first), lastDay: dayOf(last) },
    })
  }
  return found
}

const DAY_MICROS = 86_400_000_000

/**
 * A file of one day is read once; only objects with records of several days share a file that is read for
 * each of them.
 */
export function dayName({ firstDay, lastDay }: { firstDay: number; lastDay: number }): string {
  return firstDay === lastDay ? String(firstDay) : spanName({ firstDay, lastDay })
}

/** The span that contains all the days. */
function spanName({ firstDay, lastDay }: { firstDay: number; lastDay: number }): string {
  const span = spanOf(dayNumber(firstDay))
  return span === spanOf(dayNumber(lastDay)) ? `span ${span}` : 'days'
}
