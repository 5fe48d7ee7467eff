import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { linesOf, type People } from '../../src/review/people.ts'
import { failures, SPAN, served } from './served.ts'

const OPERATOR = 'operator:otto@example.com'
const FARAH = 'manager:farah@example.com'
/** Sees every row, but may not read texts unmasked. */
const ANALYST = 'analyst:ada@example.com'

const lake = await served()
const { reviews } = lake.asking.services
const people = reviews.people
afterEach(() => {
  reviews.people = people
})
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

interface Use {
  total: { invocations: number; cost_usd: number; input_tokens: number; unpriced_tokens: number }
  groups: { keys: (string | null)[]; invocations: number; cost_usd: number | null; input_tokens: number }[]
  teams: { in_people_file: boolean; changed: string | null; before: number }
}

async function use(as: string, more: Record<string, string | string[]> = {}): Promise<Use> {
  const response = await lake.get(as, 'usage', { ...SPAN, ...more })
  expect(response.status).toBe(200)
  return (await response.json()) as Use
}

async function exported(as: string, more: Record<string, string | string[]> = {}) {
  const response = await lake.get(as, 'usage-export', { ...SPAN, format: 'ndjson', ...more })
  expect(response.status).toBe(200)
  const text = await response.text()
  return text
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Record<string, unknown>]))
}

const callsOf = ({ groups }: Use) =>
  Object.fromEntries(groups.map(({ keys: [key], invocations }) => [String(key), invocations]))

describe('the numbers of a span', () => {
  it('counts once what CloudTrail and Data Capture both have, and what only one of them has', async () => {
    const { groups, total } = await use(OPERATOR, { by: 'endpoint', where: 'endpoint:support-llm' })
    // Data Capture has all 96 answers, CloudTrail two refusals, and 94 of the answers: a file of it is damaged.
    expect(callsOf({ groups } as Use)).toEqual({ 'support-llm': 98 })
    expect(total.invocations).toBe(98)
  })

  it('shows the same on Overview, and rejects of old files on the days of the files', async () => {
    const { totals } = (await (await lake.get(OPERATOR, 'overview', SPAN)).json()) as {
      totals: Record<string, number>
    }
    const { total } = await use(OPERATOR)
    expect(totals).toMatchObject({
      invocations: total.invocations,
      input_tokens: total.input_tokens,
      cost_usd: expect.closeTo(total.cost_usd, 9),
      unpriced_tokens: total.unpriced_tokens,
      rejects: 1,
    })
  })
})

describe.each(['team', 'named_team'])('use by %s', (by) => {
  it.each([OPERATOR, ANALYST, FARAH])('adds up to the use in all: %s', async (as) => {
    const [{ groups, total }, plain] = [await use(as, { by }), await use(as)]
    // Dollars are added up in another order.
    expect(total).toEqual({ ...plain.total, cost_usd: expect.closeTo(plain.total.cost_usd, 9) })
    const sum = (of: (one: Use['groups'][number]) => number) => groups.reduce((all, one) => all + of(one), 0)
    expect(sum(({ invocations }) => invocations)).toBe(total.invocations)
    expect(sum(({ input_tokens }) => input_tokens)).toBe(total.input_tokens)
    expect(sum(({ cost_usd }) => cost_usd ?? 0)).toBeCloseTo(total.cost_usd, 6)
    expect(new Set(groups.map(({ keys }) => keys[0])).size).toBe(groups.length)
  })

  it('divides by a second dimension and by a condition without losing a call', async () => {
    const [alone, { groups }] = [await use(OPERATOR, { by }), await use(OPERATOR, { by: [by, 'model'] })]
    for (const { keys, invocations } of alone.groups) {
      const own = groups.filter(({ keys: [first] }) => first === keys[0])
      expect(own.reduce((sum, one) => sum + one.invocations, 0)).toBe(invocations)
      const where = keys[0] === null ? `${by}:` : `${by}:${keys[0]}`
      // Data Capture's copies of calls are left out by endpoint and day, which a team is not.
      expect((await use(OPERATOR, { by, where })).total.invocations, where).toBe(invocations)
    }
    const without = await use(OPERATOR, { by, where: [`-${by}:support`] })
    expect(without.groups.map(({ keys }) => keys[0])).not.toContain('support')
    expect(without.total.invocations).toBe(alone.total.invocations - (callsOf(alone).support as number))
  })
})

describe('the team by the people file', () => {
  it('is that of the caller, else of the role, and none where the file names neither', async () => {
    const teams = callsOf(await use(OPERATOR, { by: 'team' }))
    expect(Object.keys(teams).sort()).toEqual(['null', 'platform', 'search', 'support'])
    const by = async (where: string[]) => (await use(OPERATOR, { where })).total.invocations
    expect(teams.search).toBe(await by(['role:document-index-role']))
    expect(teams.support).toBe(
      (await by(['role:SupportAgentRole'])) + (await by(['who:alice@example.com', 'who:chen@example.com'])),
    )
  })

  it('is another one as soon as the file is, although the lake is the same', async () => {
    const before = callsOf(await use(OPERATOR, { by: 'team' }))
    const changed = (sha256: string, ...lines: string[]): People => ({
      sha256,
      changed: '2026-01-12T00:00:00Z',
      lines: linesOf(['person,manager,from,until,team', ...lines].join('\n'), 'people.csv'),
    })
    reviews.people = () =>
      changed('a', 'SupportAgentRole,,,2026-01-08,early', 'SupportAgentRole,,2026-01-08,,late')
    const { groups, total, teams } = await use(OPERATOR, { by: ['team', 'day'] })
    expect(teams).toMatchObject({ in_people_file: true, changed: '2026-01-12T00:00:00Z' })
    expect(groups.reduce((sum, one) => sum + one.invocations, 0)).toBe(total.invocations)
    const days = (team: string) =>
      groups.filter(({ keys }) => keys[0] === team).map(({ keys }) => String(keys[1]))
    expect(days('early').length).toBeGreaterThan(0)
    expect(days('late').length).toBeGreaterThan(0)
    expect(days('early').every((day) => day < '2026-01-08')).toBe(true)
    expect(days('late').every((day) => day >= '2026-01-08')).toBe(true)
    reviews.people = () => ({ sha256: 'b', changed: null, lines: [] })
    const none = await use(OPERATOR, { by: 'team' })
    expect(none.teams.in_people_file).toBe(false)
    expect(callsOf(none)).toEqual({ null: none.total.invocations })
    reviews.people = people
    expect(callsOf(await use(OPERATOR, { by: 'team' }))).toEqual(before)
  })

  it('takes what the file says as text, whatever is in it', async () => {
    const name = `'); drop table x; -- "$teams" \\ <b>\u202e`
    const lines = [{ person: 'SupportAgentRole', manager: '', from: '', until: '', team: name }]
    reviews.people = () => ({ sha256: 'c', changed: null, lines })
    const found = await use(OPERATOR, { by: 'team', where: `team:${name}` })
    expect(found.groups.map(({ keys }) => keys[0])).toEqual([name])
  })
})

describe('the export of the page', () => {
  it.each([
    [OPERATOR, []],
    [FARAH, []],
    [OPERATOR, ['team:support', '-model~titan']],
    [OPERATOR, ['team:']],
    [OPERATOR, ['named_team:support', 'day:2026-01-07']],
    [OPERATOR, ['service:bedrock', 'errorcode:*']],
  ])('has the rows that the page adds up: %s %s', async (as, where) => {
    const bedrock = [...where.filter((one) => !one.startsWith('service')), 'service:bedrock']
    const rows = await exported(as, { where: bedrock })
    const { total } = await use(as, { where: bedrock })
    const sum = (name: string) => rows.reduce((all, row) => all + Number(row[name] ?? 0), 0)
    expect(rows.length).toBeGreaterThan(0)
    expect(sum('invocations')).toBe(total.invocations)
    expect(sum('input_tokens')).toBe(total.input_tokens)
    expect(Object.keys(rows[0] as object)).toEqual(
      expect.arrayContaining(['team', 'named_team', 'time', 'who']),
    )
  })

  it('has of a manager the rows of their people only, and of an auditor none', async () => {
    const rows = await exported(FARAH)
    const mine = new Set(['chen@example.com', 'alice@example.com'])
    for (const { who, role } of rows) expect(mine.has(String(who)) || role === 'SupportAgentRole').toBe(true)
    expect(rows.length).toBeLessThan((await exported(OPERATOR)).length)
    expect((await lake.get('auditor:eve@example.com', 'usage-export', SPAN)).status).toBe(403)
    expect((await lake.get('asked:goran@example.com', 'usage-export', SPAN)).status).toBe(403)
  })

  it('comes in each format, and a wrong condition is no file', async () => {
    for (const [format, begins] of [
      ['csv', 'time,'],
      ['csv-safe', 'time,'],
      ['parquet', 'PAR1'],
    ] as const) {
      const response = await lake.get(OPERATOR, 'usage-export', { ...SPAN, format })
      expect((await response.text()).slice(0, begins.length)).toBe(begins)
    }
    expect((await lake.get(OPERATOR, 'usage-export', { ...SPAN, where: 'prompt:x' })).status).toBe(422)
  })
})

it('a summary says the same as the question that reads each call', async () => {
  const response = await lake.post(OPERATOR, 'query', {
    sql: `select coalesce(nullif(named_team, ''), 'none') as team, count(*)::int as n
      from bedrock_call where time >= '${SPAN.from}' and time < '${SPAN.to}' group by all order by all`,
  })
  const { rows } = (await response.json()) as { rows: [string, number][] }
  const { groups, teams } = await use(OPERATOR, { by: 'named_team', where: 'service:bedrock' })
  expect(rows.length).toBe(2)
  expect(groups.map(({ keys, invocations }) => [keys[0] ?? 'none', invocations]).sort()).toEqual(rows.sort())
  expect(teams.before).toBe(0)
})
