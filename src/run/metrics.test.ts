import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { metrics, metricsText } from './metrics.ts'
import { emptyReport } from './report.ts'

const report = (name: string) => {
  const one = emptyReport(name, 's3-queue')
  Object.assign(one.account.records, { read: 10, stored: 7, repeated: 2, rejected: 1 })
  one.account.failures.outcomes = { denied: 3 }
  return one
}

it('each sample has its source, and what nobody knows has none', () => {
  const one = report('trail')
  one.newestMs = 100_000
  one.storedMs = 90_000
  one.state = { inHand: 4, oldestMs: 95_000, stopped: true }
  const text = metricsText([one, report('other')], 100_000)
  for (const line of [
    'loglake_source_up{source="trail"} 1',
    'loglake_source_stopped{source="trail"} 1',
    'loglake_records_total{source="other",outcome="stored"} 7',
    'loglake_object_failures_total{source="trail",outcome="denied"} 3',
    'loglake_lag_seconds{source="trail"} 10',
    'loglake_in_hand{source="trail"} 4',
    'loglake_oldest_message_seconds{source="trail"} 5',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).not.toContain('loglake_lag_seconds{source="other"}')
  expect(text.endsWith('\n')).toBe(true)
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
  for (const { name, type } of metrics) {
    expect(docs, name).toContain(`\`${name}\``)
    expect(name.endsWith('_total'), name).toBe(type === 'counter')
  }
})
