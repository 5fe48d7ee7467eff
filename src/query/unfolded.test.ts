import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { readStatement } from './statement.ts'
import { checkUnfolded } from './unfolded.ts'

let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => engine.close())

const check = async (question: string) =>
  checkUnfolded(await readStatement(engine, question), (name) => name === 'ours')

const steps = (count: number, step: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => step(at))
const nested = (count: number, select: string) =>
  steps(count, () => select).reduce((inner, outer) => `${outer} from (${inner})`, 'select eventname s from t')

test.each([
  ['aliases', `select eventname as a0, ${steps(25, (at) => `a${at} || a${at} as a${at + 1}`)} from t`],
  ['nested SELECTs', `select s from (${nested(25, 'select s || s as s')}) where s like 'x%'`],
  ['nested SELECTs with a list', nested(12, 'select concat(s, s, s, s) as s')],
  ['nested SELECTs that replace', nested(25, 'select * replace (s || s as s)')],
  [
    'nested SELECTs with names of their own',
    steps(25, String).reduce((inner: string) => `select s || s from (${inner}) as q(s)`, 'from t'),
  ],
  [
    'a chain of WITH',
    `with c0 as (select eventname s from t), ${steps(25, (at) => `c${at + 1} as (select s || s as s from c${at})`)} from c25`,
  ],
  [
    'copies of WITH',
    `with c0 as not materialized (from t), ${steps(25, (at) => `c${at + 1} as not materialized (select x.a from c${at} x, c${at} y)`)} from c25`,
  ],
  [
    'copies of WITH beside one that is made once, with a comment between the words',
    `with a as materialized (from t), c0 as not/**/materialized (from a), ${steps(25, (at) => `c${at + 1} as not/* */materialized (select x.a from c${at} x, c${at} y)`)} from c25`,
  ],
  ['a UNION in between', nested(25, 'select s || s as s from (select 1 as s) union all select s || s')],
  ['macros in macros', `select ${'ours('.repeat(15)}s${')'.repeat(15)} from t`],
  [
    'a join',
    steps(25, String).reduce((inner: string) => `(select l.s || l.s as s from ${inner} l, t r)`, 't'),
  ],
])('refuses %s that double', async (_, question) => {
  await expect(check(question.startsWith('(') ? `from ${question}` : question)).rejects.toThrow(UserError)
})

test.each([
  ['many columns', `select ${steps(500, (at) => `upper(a${at}) as a${at}`)} from t`],
  ['many steps', nested(60, 'select trim(s) as s')],
  ['a long chain of texts', `select ${steps(300, (at) => `a${at}`).join(" || ' ' || ")} as s from t`],
  ['a few uses of a step', nested(6, 'select case when s is null then s else upper(s) end as s')],
  [
    'WITH that is asked twice',
    `with c0 as (from t), ${steps(25, (at) => `c${at + 1} as (select x.a from c${at} x join c${at} y using (a))`)} from c25`,
  ],
  [
    'WITH that is made once because the question says so, and asked twice',
    `with c0 as materialized (from t), ${steps(25, (at) => `c${at + 1} as  MATERIALIZED (select x.a from c${at} x join c${at} y using (a))`)} from c25`,
  ],
  [
    'recursion',
    'with recursive r(n, s) as (select 1, s from t union all select n + 1, s || s from r) from r',
  ],
])('answers %s', async (_, question) => {
  await expect(check(question)).resolves.toBeUndefined()
})

test('a list of values has a bound, which is told as such', async () => {
  const list = (values: number) => `from t where n in (${steps(values, String).join(', ')})`
  await expect(check(list(90_000))).resolves.toBeUndefined()
  await expect(check(list(110_000))).rejects.toThrow(/too long: it may have 100,000 values/)
})
