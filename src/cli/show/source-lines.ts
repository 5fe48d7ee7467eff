import { counted, grouped, visible } from '../../lib/terminal.ts'
import { lagSeconds, oldestSeconds, type Report } from '../../run/report.ts'
import { align, type Cell } from './layout.ts'
import type { Paint } from './output.ts'

/** Records read by a time, from which the rate follows. */
interface Sample {
  atMs: number
  records: number
}

/** The span over which a rate is measured. */
const WINDOW_MS = 30_000

/** A line for each source: rate, lag, oldest message, rejects. */
export function sourceLines({
  dim,
  red,
  yellow,
}: Paint): (reports: readonly Report[], nowMs: number) => string[] {
  const samples = new Map<string, Sample[]>()

  function rate({ name, totals }: Report, nowMs: number): number {
    const { records } = totals
    const kept = (samples.get(name) ?? []).filter(({ atMs }) => nowMs - atMs <= WINDOW_MS)
    const now = { atMs: nowMs, records: records.read }
    samples.set(name, [...kept, now])
    const first = kept[0] ?? now
    return nowMs > first.atMs ? ((now.records - first.records) * 1000) / (nowMs - first.atMs) : 0
  }

  function line(report: Report, nowMs: number): Cell[] {
    const { name, totals, status, state } = report
    const { objects, records } = totals
    const lag = lagSeconds(report, nowMs)
    const oldest = oldestSeconds(report, nowMs)
    const shown =
      status === 'running' && state?.stopped ? yellow('stopped') : status === 'failed' ? red(status) : status
    const bad = objects.failed + totals.deadLetters
    return [
      visible(name),
      shown,
      { right: `${grouped(rate(report, nowMs))}/s` },
      { right: `${grouped(records.stored)} stored` },
      lag === undefined ? dim('lag -') : `lag ${duration(lag)}`,
      oldest === undefined ? dim('oldest -') : `oldest ${duration(oldest)}`,
      records.rejected > 0 ? yellow(counted(records.rejected, 'reject')) : dim('0 rejects'),
      bad > 0 ? yellow(`${grouped(bad)} unread`) : '',
      state?.failing?.length
        ? red(`${grouped(state.failing.length)} failing: ${visible(state.failing[0] ?? '')}`)
        : '',
    ]
  }

  /** A failed source has its reason in place of numbers. */
  function lines(reports: readonly Report[], nowMs: number): string[] {
    const rows = reports.map((report) => line(report, nowMs))
    const aligned = align(
      rows.map((cells, at) => (reports[at]?.status === 'failed' ? cells.slice(0, 2) : cells)),
    )
    return aligned.map((text, at) => {
      const { status, failure = '', retryMs = nowMs } = reports[at] as Report
      if (status !== 'failed') return text
      const left = Math.max(0, retryMs - nowMs) / 1000
      return `${text}  ${red(`again in ${duration(left)}: ${visible(failure.split('\n')[0] ?? '')}`)}`
    })
  }

  return lines
}

/** `7 s`, `3 min`, `5 h`, `2 d` */
export function duration(seconds: number): string {
  if (seconds < 100) return `${Math.round(seconds)} s`
  if (seconds < 6000) return `${Math.round(seconds / 60)} min`
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`
  return `${grouped(seconds / 86_400)} d`
}
