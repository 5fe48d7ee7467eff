import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Engine, openEngine } from '../../lib/duckdb.ts'
import { NO_PEOPLE } from '../../review/people.ts'
import type { Context } from '../context.ts'
import { usageRows } from './usage-rows.ts'

/** Rows as an earlier loglake made them: Bedrock's have no team, not even an empty one. */
const ROWS = `create table model_usage_10min_newest as
  select '2026-01-07T10:00:00Z'::timestamptz as time, service, told_by, named_team, 'a' as who, 'b' as role, 1 as n
  from (values
    ('bedrock', 'both', null), ('bedrock', 'invocation log', null), ('bedrock', 'both', ''),
    ('bedrock', 'both', 'risk'), ('bedrock', 'cloudtrail', null), ('sagemaker', 'cloudtrail', null)
  ) as made(service, told_by, named_team)`

let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
  await engine.run(ROWS)
})
afterAll(() => engine.close())

it.each([[[]], [['team']]])(
  'tells rows without the column from callers who named none, by %s',
  async (by) => {
    const context = { reviews: { people: () => NO_PEOPLE } } as unknown as Context
    const span = { from: '2026-01-07T00:00:00Z', to: '2026-01-08T00:00:00Z', where: [] }
    const { rows, values } = usageRows(span, context, by)
    const found = await engine.rows(
      `select service, told_by, coalesce(named_team, 'none'), team from (${rows}) where before_teams order by all`,
      values,
    )
    expect(found).toEqual([
      ['bedrock', 'both', 'none', null],
      ['bedrock', 'invocation log', 'none', null],
    ])
    expect(await engine.rows(`select count(*)::int, count(named_team)::int from (${rows})`, values)).toEqual([
      [6, 1],
    ])
  },
)
