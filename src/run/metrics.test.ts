import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { followerMetrics, memoryMetrics, metrics, metricsText } from './metrics.ts'
import { emptyFollowerReport, emptyReport } from './report.ts'

const report = (name: string) => {
  const one = emptyReport(name, 's3-queue')
  Object.assign(one.totals.records, { read: 10, stored: 7, repeated: 2, rejected: 1 })
  one.totals.failures.outcomes = { denied: 3 }
  return one
}

it('each sample has its source, and what nobody knows has none', () => {
  const one = report('trail')
  one.newestMs = 100_000
  one.storedMs = 90_000
  one.state = { inFlight: 4, oldestMs: 95_000, stopped: true }
  const text = metricsText([one, report('other')], [], 100_000)
  for (const line of [
    'loglake_source_up{source="trail"} 1',
    'loglake_source_stopped{source="trail"} 1',
    'loglake_records_total{source="other",outcome="stored"} 7',
    'loglake_object_failures_total{source="trail",outcome="denied"} 3',
    'loglake_lag_seconds{source="trail"} 10',
    'loglake_in_flight{source="trail"} 4',
    'loglake_oldest_message_seconds{source="trail"} 5',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).not.toContain('loglake_lag_seconds{source="other"}')
  expect(text.endsWith('\n')).toBe(true)
})

it('a follower has its own name as a label, and its lag once that is known', () => {
  const report = emptyFollowerReport('summaries')
  report.status = 'failed'
  expect(metricsText([], [report])).not.toContain('loglake_follower_lag_seconds{')
  Object.assign(report, { state: 'let-go', behind: { files: 2, rows: 9, bytes: 1, versions: 2, ms: 1500 } })
  for (const line of [
    'loglake_follower_up{follower="summaries"} 0',
    'loglake_follower_let_go{follower="summaries"} 1',
    'loglake_follower_behind_rows{follower="summaries"} 9',
    'loglake_follower_lag_seconds{follower="summaries"} 1.5',
  ])
    expect(metricsText([], [report]).split('\n')).toContain(line)
})

it('memory is that of the run, and of the process of its followers while there is one', () => {
  const text = metricsText([], [], 0, { own: 5, followers: 7 })
  expect(text).toContain('\nprocess_resident_memory_bytes 5\n')
  expect(text).toContain('\nloglake_followers_resident_memory_bytes 7\n')
  expect(metricsText([])).not.toContain('loglake_followers_resident')
})

it('is the text format: help, type, samples, and names that Prometheus takes', () => {
  const text = metricsText([report('a"b\\c\nd')])
  expect(text).toContain('loglake_source_up{source="a\\"b\\\\c\\nd"} 1')
  const sample =
    /^[a-z_]+(\{[a-z_]+="(?:[^"\\]|\\.)*"(,[a-z_]+="(?:[^"\\]|\\.)*")*\})? -?\d+(\.\d+)?(e[+-]\d+)?$/
  for (const line of text.trimEnd().split('\n'))
    if (!line.startsWith('#')) expect(line).toMatch(sample)
    else expect(line).toMatch(/^# (HELP [a-z_]+ .+\.|TYPE [a-z_]+ (counter|gauge))$/)
})

it('every name is in the documentation, and counters are called so', () => {
  const docs = readFileSync(new URL('../../docs/operating.md', import.meta.url), 'utf8')
  for (const { name } of memoryMetrics) expect(docs, name).toContain(`\`${name}\``)
  for (const { name, type } of [...metrics, ...followerMetrics]) {
    expect(docs, name).toContain(`\`${name}\``)
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
  }
})
