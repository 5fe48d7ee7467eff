import { expect, it } from 'vitest'
import { proposed } from './proposed.ts'

const table = (name: string, rows: number | null, logs = true) => ({ name, logs, rows })

it('asks for API calls where there are some, and where nobody says how many there are', () => {
  expect(proposed(true)).toContain('from cloudtrail')
  expect(proposed(true, [table('cloudtrail', null), table('session_log', null)])).toContain('from cloudtrail')
  expect(proposed(true, [table('session_log', 9), table('cloudtrail', 1)])).toContain('from cloudtrail')
  expect(proposed(true, [table('cloudtrail', 0), table('session_log', 0)])).toContain('from cloudtrail')
})

it('asks for the days of the fullest table of logs in a lake without API calls', () => {
  const tables = [
    table('ledger', 900, false),
    table('cloudtrail', 0),
    table('guardduty_finding', 3),
    table('session_log', 8),
  ]
  expect(proposed(true, tables)).toBe(
    'select lake_day, count(*) as rows\nfrom session_log\ngroup by all\norder by lake_day desc',
  )
})

it('asks for reviews where the reader sees no log', () => {
  expect(proposed(false, [table('review', 3, false)])).toContain('from review')
})
