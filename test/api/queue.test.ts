import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, loglake } from '../e2e/program.ts'
import { failures, type Served, served } from './served.ts'

// A queue of a thousand sessions of every kind: each is reached once, in the order that is asked for, and whatever
// the queue is counted by adds up to a thousand.

/** Sessions of Session Manager with output, without, and refused; runs of agents with tools. */
const KINDS = { shown: 300, silent: 250, refused: 250, runs: 200 }
const ALL = 1_000
const SPAN = { from: '2026-03-01T00:00:00Z', to: '2026-04-01T00:00:00Z' }
const PEOPLE = ['goran@example.com', 'chen@example.com', 'nobody@example.com']
const OPERATOR = 'operator:ana@example.com'
const DALIA = 'manager:dalia@example.com'

const first = Date.parse('2026-03-02T00:00:00Z')
/** Some begin in the same second. */
const at = (n: number) => new Date(first + Math.floor(n / 3) * 3_600_000).toISOString().replace('.000Z', 'Z')
const who = (n: number) => PEOPLE[n % PEOPLE.length] as string
const arn = (n: number) =>
  `arn:aws:sts::111122223333:assumed-role/${n % 5 ? 'Admin' : 'BreakGlassAdmin'}/${who(n)}`
const id = (n: number) => `5e551011-0000-4000-8000-${String(n).padStart(12, '0')}`
const session = (n: number) => `${who(n)}-${String(n).padStart(17, '0')}`

function started(n: number, refused: boolean): object {
  return {
    ...{
      eventVersion: '1.11',
      eventTime: at(n),
      eventSource: 'ssm.amazonaws.com',
      eventName: 'StartSession',
    },
    ...{ awsRegion: 'us-east-1', sourceIPAddress: '203.0.113.7', eventID: id(n), eventType: 'AwsApiCall' },
    recipientAccountId: '111122223333',
    userIdentity: {
      ...{ type: 'AssumedRole', principalId: `AROAEXAMPLE:${who(n)}`, arn: arn(n) },
      ...{ accessKeyId: `ASIA${String(n).padStart(16, '0')}`, sessionContext: { sourceIdentity: who(n) } },
    },
    requestParameters: { target: 'i-0123456789abcdef0' },
    ...(refused
      ? { errorCode: 'AccessDenied', errorMessage: 'no' }
      : { responseElements: { sessionId: session(n) } }),
  }
}

function output(n: number): object {
  return {
    ...{
      eventVersion: '1.0',
      eventTime: at(n),
      awsRegion: 'us-east-1',
      target: { id: 'i-0123456789abcdef0' },
    },
    ...{ userIdentity: { arn: arn(n) }, runAsUser: 'ssm-user', sessionId: session(n) },
    sessionData: ['whoami', n % 7 ? 'ls' : 'cat /etc/shadow'],
  }
}

function run(n: number): object {
  return {
    ...{ schemaType: 'ModelInvocationLog', schemaVersion: '1.0', timestamp: at(n), requestId: id(n) },
    ...{
      accountId: '111122223333',
      region: 'us-east-1',
      operation: 'Converse',
      modelId: 'amazon.nova-pro-v1:0',
    },
    identity: { arn: `arn:aws:sts::111122223333:assumed-role/Agent/run-${n}` },
    input: {
      inputContentType: 'application/json',
      inputBodyJson: { messages: [{ role: 'user', content: [{ text: `begin ${n}` }] }] },
    },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: {
        output: {
          message: {
            role: 'assistant',
            content: [{ toolUse: { toolUseId: `t${n}`, name: 'look', input: { n } } }],
          },
        },
        stopReason: 'tool_use',
      },
    },
  }
}

let lake: Served
beforeAll(async () => {
  const logs = join(freshFolder(), 'logs')
  mkdirSync(logs)
  const lines = (rows: object[]) => rows.map((row) => JSON.stringify(row)).join('\n')
  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, n) => from + n)
  const announced = numbers(0, KINDS.shown + KINDS.silent).map((n) => started(n, false))
  const refused = numbers(KINDS.shown + KINDS.silent, KINDS.refused).map((n) => started(n, true))
  writeFileSync(
    join(logs, 'trail.json.gz'),
    gzipSync(JSON.stringify({ Records: [...announced, ...refused] })),
  )
  writeFileSync(join(logs, 'output.ndjson'), lines(numbers(0, KINDS.shown).map(output)))
  writeFileSync(join(logs, 'bedrock.json'), lines(numbers(ALL - KINDS.runs, KINDS.runs).map(run)))
  lake = await served()
  // A lake of samples takes no other logs while it is marked as one.
  rmSync(join(lake.place, 'control', 'demo'))
  for (const command of [
    ['ingest', logs],
    ['follow', 'summaries', '--once'],
  ])
    expect(await loglake([...command, '--lake', lake.place])).toMatchObject({ code: 0 })
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Row {
  id: string
  kind: string
  outcome: string
  started: string
  output_lines: number
  risk: number
  review: { state: string; due: string; decision: string | null } | null
}

interface Page {
  rows: Row[]
  total: number
  states: Record<string, number>
  next: string | null
}

/** All pages, as a person goes through them. */
async function paged(
  as: string,
  given: Record<string, string>,
  limit = 70,
): Promise<Page & { pages: number }> {
  const rows: Row[] = []
  for (let pages = 1, after = ''; ; pages++) {
    const query = { ...SPAN, ...given, limit: String(limit), ...(after && { after }) }
    const page = (await (await lake.get(as, 'sessions', query)).json()) as Page
    rows.push(...page.rows)
    if (page.next === null) return { ...page, rows, pages }
    after = page.next
  }
}

const ids = (rows: readonly Row[]) => rows.map((row) => row.id)
const dueMs = ({ review }: Row) =>
  review && review.decision === null ? Date.parse(review.due) : Number.MAX_VALUE

describe.each(['due', 'risk', 'newest'])('in order of %s', (order) => {
  it('every session is reached once, and in that order', async () => {
    const { rows, total, pages } = await paged(OPERATOR, { order })
    expect([rows.length, total, pages]).toEqual([ALL, ALL, Math.ceil(ALL / 70)])
    expect(new Set(ids(rows)).size).toBe(ALL)
    const kinds = {
      shown: rows.filter((row) => row.outcome === 'opened' && row.output_lines > 0).length,
      silent: rows.filter((row) => row.outcome === 'opened' && row.output_lines === 0).length,
      refused: rows.filter(({ outcome }) => outcome === 'refused').length,
      runs: rows.filter(({ kind }) => kind === 'run').length,
    }
    expect(kinds).toEqual(KINDS)
    const keys = {
      due: (row: Row) => [dueMs(row), -row.risk, -Date.parse(row.started)],
      risk: (row: Row) => [-row.risk, -Date.parse(row.started)],
      newest: (row: Row) => [-Date.parse(row.started)],
    }[order] as (row: Row) => number[]
    for (const [n, row] of rows.slice(1).entries()) {
      const [before, here] = [keys(rows[n] as Row), keys(row)]
      const differs = here.findIndex((key, k) => key !== before[k])
      if (differs >= 0) expect(here[differs], `${n + 1}`).toBeGreaterThan(before[differs] as number)
    }
    // However many a page has.
    expect(ids((await paged(OPERATOR, { order }, 333)).rows)).toEqual(ids(rows))
  })
})

it('its parts add up, for the operator and in the period report', async () => {
  const { states } = await paged(OPERATOR, {})
  const count = async (state: string) => (await paged(OPERATOR, { state })).rows.length
  for (const state of ['open', 'overdue', 'decided', 'unassigned', 'left-out'])
    expect([state, await count(state)]).toEqual([state, states[state.replace('-', '_')]])
  expect((states.open ?? 0) + (states.decided ?? 0) + (states.left_out ?? 0)).toBe(ALL)
  const report = (await (await lake.get(OPERATOR, 'period-report', SPAN)).json()) as {
    found: number
    by_day: { found: number }[]
  }
  expect(report.found).toBe(ALL)
  expect(report.by_day.reduce((sum, day) => sum + day.found, 0)).toBe(ALL)
})

it('a manager has those of their people, and no other', async () => {
  const { rows } = await paged(DALIA, {})
  expect(rows.length).toBeGreaterThan(100)
  const all = await paged(OPERATOR, { who: 'goran@example.com' })
  expect(
    ids(rows)
      .filter((one) => ids(all.rows).includes(one))
      .sort(),
  ).toEqual(ids(all.rows).sort())
  expect(new Set(ids(rows)).size).toBe(rows.length)
})
