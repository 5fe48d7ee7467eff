import { afterAll, beforeAll, expect, it } from 'vitest'
import { calls, claims, statements } from './adversary.ts'
import { type AskedLake, askedLake } from './lake.ts'
import { type Asked, type Move, type Scripted, scriptedServer } from './scripted.ts'
import { setKeys, wires } from './wires.ts'

let server: Scripted
let lake: AskedLake
beforeAll(async () => {
  setKeys()
  server = await scriptedServer()
  lake = await askedLake({ hostile: false })
})
afterAll(async () => {
  await lake.close()
  await server.close()
})

const settings = () => {
  const made = (wires[0] as (typeof wires)[number]).settings(server.url)
  const limits = {
    ...made.limits,
    turns: 400,
    statements: 400,
    tokens: 1e9,
    seconds: 1000,
    context_tokens: 1e9,
  }
  return { ...made, limits }
}
const DENIED =
  'select useridentity_arn, count(*) as calls from cloudtrail where errorcode is not null group by all'
const first: Move = { tools: [{ name: 'run_sql', input: { sql: DENIED } }] }

it('has at least 200 moves', () => {
  expect(statements.length + calls.length + claims.length).toBeGreaterThanOrEqual(200)
})

/** Does these moves, some in each turn; what came of each, as the transcript of the run in the lake has it. */
async function outcomes(moves: readonly Tool[], inOneTurn: number): Promise<string[]> {
  server.asked.length = 0
  const turns: Move[] = []
  for (let from = 0; from < moves.length; from += inOneTurn)
    turns.push({ tools: moves.slice(from, from + inOneTurn) })
  server.script = [first, ...turns, { tools: [{ name: 'answer', input: { claims: [] } }] }]
  const { answer } = await lake.ask('Who was denied access?', settings())
  expect(answer.cost).toMatchObject({ turns: turns.length + 2, ended: 'answered' })
  const steps = await lake.rows(
    `select seq, outcome, said from agent_step where run = '${answer.run}' and kind = 'tool' order by seq`,
  )
  expect(steps.map(([seq]) => seq)).toEqual(['first', ...moves].map((_, at) => at + 1))
  expect(steps[0]?.[1]).toBe('done')
  // What is refused is told so, and shows no rows.
  return steps.slice(1).map(([, outcome, said]) => {
    const text = String(said ?? '')
    return outcome === 'refused' && text !== '' && !/^r\d+: \d+ rows/.test(text)
      ? 'refused'
      : `${outcome}: ${text}`
  })
}

type Tool = NonNullable<Move['tools']>[number]

it('refuses every statement that does more than read the lake', async () => {
  const before = await lake.rows('select count(*) from cloudtrail')
  const came = await outcomes(
    statements.map((sql) => ({ name: 'run_sql', input: { sql } })),
    10,
  )
  const through = statements.map((sql, at) => [sql, came[at]]).filter(([, one]) => one !== 'refused')
  expect(came).toHaveLength(statements.length)
  expect(through).toEqual([])
  expect(await lake.rows('select count(*) from cloudtrail')).toEqual(before)
}, 600_000)

it('refuses every call of a tool that is none, or with what it does not take', async () => {
  const came = await outcomes(calls, 5)
  const through = calls.map((one, at) => [one.name, came[at]]).filter(([, one]) => one !== 'refused')
  expect(came).toHaveLength(calls.length)
  expect(through).toEqual([])
}, 600_000)

/** An answer of these claims of the denied calls, with the handle of the one who was denied. */
async function answered(some: typeof claims) {
  server.asked.length = 0
  let handle = 'none'
  server.script = (asked: Asked) => {
    if (asked.number === 0) return first
    if (asked.number === 1) handle = /⟦v\d+:[^⟧]*⟧/.exec(asked.results.join('\n'))?.[0] ?? 'none'
    const made = some.map(({ text, evidence }) => ({
      text: text.replaceAll('HANDLE', handle),
      evidence: evidence ?? [{ result: 'r1', rows: [1] }],
    }))
    return { tools: [{ name: 'answer', input: { claims: made } }] }
  }
  const { answer } = await lake.ask('Who was denied access?', settings())
  expect(handle).toMatch(/^⟦v\d/)
  return answer
}

it('strikes out every claim that its rows do not prove', async () => {
  const hasForm = ({ text, evidence = [] }: (typeof claims)[number]) =>
    text.length <= 2000 && evidence.every(({ rows = [] }) => rows.every(Number.isInteger))
  const formed = claims.filter(hasForm)
  const holding: string[] = []
  for (let from = 0; from < formed.length; from += 25) {
    const some = formed.slice(from, from + 25)
    const answer = await answered(some)
    expect(answer.claims).toHaveLength(some.length)
    for (const { text, verdict } of answer.claims) if (verdict !== 'struck out') holding.push(text)
  }
  expect(holding).toEqual([])
  // What has not the form of a claim makes no answer at all.
  for (const one of claims.filter((claim) => !hasForm(claim)))
    expect(await answered([one])).toMatchObject({ claims: [], cost: { ended: 'malformed answer' } })
}, 600_000)

it('holds what is true, by the same means', async () => {
  server.asked.length = 0
  server.script = (asked: Asked) => {
    if (asked.number === 0) return first
    const handle = /⟦v\d+:[^⟧]*⟧/.exec(asked.results.join('\n'))?.[0] ?? ''
    const true_ = [
      'was denied 7 times.',
      'had seven calls that failed.',
      'is the only one, with 7 calls.',
    ].map((rest) => `${handle} ${rest}`)
    const made = [...true_, 'There is 1 row.'].map((text) => ({
      text,
      evidence: [{ result: 'r1', rows: [1] }],
    }))
    return { tools: [{ name: 'answer', input: { claims: made } }] }
  }
  const { answer } = await lake.ask('Who was denied access?', settings())
  expect(answer.claims.map(({ verdict, why }) => (verdict === 'holds' ? verdict : why))).toEqual([
    'holds',
    'holds',
    'holds',
    'holds',
  ])
})

it.each([
  ['a number of its own', 'select 900 + 99 as calls from cloudtrail limit 1', 'There were 999 calls.'],
  ['a number that it multiplies', 'select count(*) * 17 as calls from cloudtrail', 'There were 153 calls.'],
  ['a literal', 'select 999 as calls from cloudtrail limit 1', 'There were 999 calls.'],
  [
    'a name that it writes',
    "select 'mallory' as who, count(*) as calls from cloudtrail",
    'mallory made 9 calls.',
  ],
  [
    'a time that it writes',
    "select '2031-01-01' as day, count(*) as calls from cloudtrail",
    'On 2031-01-01 there were 9 calls.',
  ],
  [
    'a condition turned round',
    "select count(*) as calls from cloudtrail where useridentity_arn <> 'mallory'",
    'mallory made 9 calls.',
  ],
  [
    'a condition that holds for all',
    "select count(*) as calls from cloudtrail where useridentity_arn = 'mallory' or true",
    'mallory made 9 calls.',
  ],
])('takes nothing for evidence that the statement brings along: %s', async (_, sql, text) => {
  server.asked.length = 0
  server.script = [
    { tools: [{ name: 'run_sql', input: { sql } }] },
    ...Array.from({ length: 2 }, () => ({
      tools: [{ name: 'answer', input: { claims: [{ text, evidence: [{ result: 'r1' }] }] } }],
    })),
  ]
  const { answer } = await lake.ask('Who was denied access?', settings())
  expect(answer.claims).toMatchObject([{ verdict: 'struck out' }])
})
