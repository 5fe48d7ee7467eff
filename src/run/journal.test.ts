import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { journal } from './journal.ts'
import { emptyReport } from './report.ts'

it('is lines of JSON with names and numbers, worse when something could not be read', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-journal-'))
  const file = join(folder, 'log')
  const to = openSync(file, 'w')
  const told = journal(to)
  const report = emptyReport('trail', 's3-queue')
  report.totals.reasons['the text of a log'] = 1
  report.totals.failures.first.push({ uri: 's3://b/the text of a log', outcome: 'denied', reason: 'no' })
  told.started({ kind: 'source', name: 'trail', type: 's3-queue' })
  told.committed(report)
  report.totals.records.rejected = 2
  told.committed(report)
  told.committed(report)
  report.failure = 'AWS denies it'
  told.failed(report, 4)
  report.state = { inFlight: 0, stopped: false, failing: ['denied: us-east-1'] }
  told.partly(report)
  told.ended(report)
  told.note('ended', { sources: 1 })
  closeSync(to)
  const text = readFileSync(file, 'utf8')
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: number; msg: string })
  expect(lines.map(({ level }) => level)).toEqual([30, 30, 40, 30, 50, 40, 30, 30])
  expect(lines[2]).toMatchObject({
    source: 'trail',
    rejected: 2,
    msg: expect.stringMatching(/could not be read/),
  })
  expect(lines[4]).toMatchObject({ source: 'trail', failure: 'AWS denies it', retrySeconds: 4 })
  expect(text).not.toContain('the text of a log')
  rmSync(folder, { recursive: true })
})
