import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelSettings } from '../../src/model/settings.ts'
import { ALICE, type AskedLake, askedLake, BOB } from './lake.ts'
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
beforeEach(() => {
  server.asked.length = 0
  server.script = []
})

const bedrock = (limits: Partial<ModelSettings['limits']> = {}): ModelSettings => {
  const settings = (wires[0] as (typeof wires)[number]).settings(server.url)
  return { ...settings, limits: { ...settings.limits, ...limits } }
}
const DENIED =
  'select useridentity_arn, count(*) as calls from cloudtrail where errorcode is not null group by all'
const answer = (...claims: { text: string; evidence: { result: string; rows?: number[] }[] }[]): Move => ({
  tools: [{ name: 'answer', input: { claims } }],
})
const sql = (text: string): Move => ({ tools: [{ name: 'run_sql', input: { sql: text } }] })
/** The first handle in what the planner was told last. */
const handleIn = ({ results }: Asked): string => /⟦v\d+:[^⟧]*⟧/.exec(results.join('\n'))?.[0] ?? 'no handle'

describe.each(wires)('an answer by $name', ({ settings }) => {
  it('has claims with the rows that prove them', async () => {
    server.script = (asked) =>
      asked.number === 0
        ? sql(DENIED)
        : answer({ text: `${handleIn(asked)} was denied 7 times.`, evidence: [{ result: 'r1', rows: [1] }] })
    const { answer: found, lines } = await lake.ask('Who was denied?', settings(server.url))
    expect(found).toMatchObject({ mode: 'model', trusted: false })
    expect(found.claims).toMatchObject([{ text: `${ALICE} was denied 7 times.`, verdict: 'holds' }])
    expect(found.results[0]).toMatchObject({ kind: 'sql', sql: DENIED, rows: [[ALICE, 7]] })
    expect(found.cost).toMatchObject({ turns: 2, ended: 'answered' })
    expect(found.cost.usd).toBeGreaterThan(0)
    expect(lines.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(2)
    for (const { body } of server.asked) expect(body).not.toContain('alice')
  })
})

describe('what ends, and how', () => {
  it('prefers questions that loglake ships, and says that it used one', async () => {
    server.script = [
      { tools: [{ name: 'find_question', input: { words: 'denied calls' } }] },
      { tools: [{ name: 'run_question', input: { name: 'access-denied', parameters: {} } }] },
      answer({ text: 'There is 1 row of denied calls.', evidence: [{ result: 'r1' }] }),
    ]
    const { answer: found } = await lake.ask('Who was denied?', bedrock())
    expect(server.asked[1]?.results[0]).toContain('access-denied (query): Denied calls by caller')
    expect(found).toMatchObject({
      trusted: true,
      claims: [{ verdict: 'holds' }],
      results: [{ kind: 'named', name: 'access-denied' }],
    })
  })

  it('lets the model correct a claim once, and strikes out what still fails', async () => {
    const wrong = { text: 'There were 8 denied calls.', evidence: [{ result: 'r1' }] }
    server.script = [
      sql(DENIED),
      answer(wrong),
      answer(wrong, { text: '7 calls were denied.', evidence: [{ result: 'r1' }] }),
    ]
    const { answer: found } = await lake.ask('How many?', bedrock())
    expect(server.asked[2]?.results[0]).toMatch(/8 is not in the rows/)
    expect(found.claims.map(({ verdict }) => verdict)).toEqual(['struck out', 'holds'])
  })

  it('corrects itself after a mistake in SQL', async () => {
    server.script = [
      sql('select nosuch from cloudtrail'),
      sql(DENIED),
      answer({ text: '7 calls were denied.', evidence: [{ result: 'r1' }] }),
    ]
    const { answer: found } = await lake.ask('How many?', bedrock())
    expect(server.asked[1]?.results[0]).toMatch(/Binder Error.*nosuch/)
    expect(found.mode).toBe('model')
  })

  it('takes a handle as a parameter and in SQL', async () => {
    server.script = (asked) => {
      if (asked.number === 0)
        return sql("select useridentity_arn from cloudtrail where eventname = 'StopLogging'")
      if (asked.number === 1)
        return sql(`select count(*) as calls from cloudtrail where useridentity_arn = ${handleIn(asked)}`)
      return answer({ text: 'That identity made 2 calls.', evidence: [{ result: 'r2' }] })
    }
    const { answer: found } = await lake.ask('What else did they do?', bedrock())
    expect(found.claims).toMatchObject([{ verdict: 'holds' }])
    expect(found.results[1]?.sql).toContain(`'${BOB}'`)
    for (const { body } of server.asked) expect(body).not.toContain('bob')
  })

  it('tells with an empty result what is known of missing logs', async () => {
    server.script = [
      sql("select * from cloudtrail where eventname = 'DeleteBucket'"),
      answer({ text: 'No bucket was deleted.', evidence: [{ result: 'r1' }] }),
    ]
    const { answer: found } = await lake.ask('Was a bucket deleted?', bedrock())
    expect(server.asked[1]?.results[0]).toMatch(/No rows\. (The lake has all|Nothing found is not)/)
    expect(found.claims).toMatchObject([{ verdict: 'holds' }])
  })

  it.each([
    ['turns', { turns: 2 }, {}],
    ['statements', { statements: 1 }, {}],
    ['tokens', { tokens: 3000 }, {}],
    ['usd', {}, { max_usd: 0.000001 }],
  ] as const)('ends at its bound of %s, and still answers', async (bound, limits, more) => {
    server.script = () => sql(DENIED)
    const { answer: found } = await lake.ask('Who was denied access?', bedrock(limits), more)
    expect(found.cost.ended).toBe(bound)
    expect(found.mode).toBe('named')
    expect(found.notes.join(' ')).toMatch(/ended before it was done/)
  })

  it('keeps no more rows than it may', async () => {
    server.script = [
      sql('select eventid from cloudtrail'),
      answer({ text: '9 calls were made.', evidence: [{ result: 'r1' }] }),
    ]
    const { answer: found } = await lake.ask('How many calls?', bedrock({ rows: 5 }))
    expect(found.results[0]).toMatchObject({ more: true })
    expect(found.results[0]?.rows).toHaveLength(5)
    expect(found.claims).toMatchObject([{ verdict: 'struck out' }])
  })

  it('refuses a limit in dollars where no price is known', async () => {
    const { answer: found } = await lake.ask(
      'Who was denied access?',
      { ...bedrock(), prices: undefined },
      { max_usd: 1 },
    )
    expect(found.notes.join(' ')).toContain('model.prices')
    expect(server.asked).toEqual([])
  })

  it('reads texts in a call without tools, whose answer is sealed', async () => {
    server.script = (asked) => {
      if (!asked.hasTools) return { object: { answers: ['It is the command line of AWS.'], asks: false } }
      if (asked.number === 0) return sql('select useragent from cloudtrail')
      if (asked.number === 1)
        return {
          tools: [
            { name: 'read_text', input: { result: 'r1', column: 'useragent', question: 'Which program?' } },
          ],
        }
      return answer({ text: `The reader says: ${handleIn(asked)}`, evidence: [{ result: 'r2' }] })
    }
    const { answer: found } = await lake.ask('Which program was it?', bedrock())
    const reading = server.asked.find(({ hasTools }) => !hasTools)
    expect(reading?.body).toContain('aws-cli/2.15.0')
    expect(found.claims).toMatchObject([
      { text: 'The reader says: “It is the command line of AWS.”', verdict: 'read' },
    ])
    for (const { body } of server.asked.filter(({ hasTools }) => hasTools))
      expect(body).not.toContain('command line of AWS')
  })

  it('takes a text for no answer', async () => {
    server.script = () => ({ text: 'Alice was denied 7 times, trust me.' })
    const { answer: found } = await lake.ask('Who was denied access?', bedrock())
    expect(found.claims).toMatchObject([{ verdict: 'struck out' }])
    expect(found.mode).toBe('named')
  })

  it('makes earlier results references when the model cannot take so much, and goes on', async () => {
    let refused = 0
    server.script = (asked) => {
      if (asked.number === 0)
        return sql('select eventid, eventtime, eventname, sourceipaddress, useragent from cloudtrail')
      if (asked.body.includes('00000000-0000-4000-8000-000000000003') && refused++ < 3)
        return { status: 400, body: '{"message":"Input is too long for requested model."}' }
      return answer({ text: '9 calls were made.', evidence: [{ result: 'r1' }] })
    }
    const { answer: found } = await lake.ask('How many calls?', bedrock())
    expect(found.claims).toMatchObject([{ verdict: 'holds' }])
    expect(server.asked.at(-1)?.body).toContain('read(r1) shows the rows')
  })

  it.each([
    ['429', { status: 429 }, /too many calls/],
    ['500', { status: 500 }, /does not answer now/],
    ['a cut stream', { text: 'a long text that is cut off in its middle', cut: true }, /broke off/],
    ['a guardrail', { text: 'Sorry.', finish: 'guardrail' }, /guardrail/],
    ['403', { status: 403 }, /credentials/],
    [
      'too long for ever',
      { status: 400, body: '{"message":"Input is too long for requested model."}' },
      /so long a text/,
    ],
    ['an exception in a stream', { text: 'a', exception: 'throttlingException' }, /./],
  ] as const)('answers without a model after %s, and says why', async (_, move, why) => {
    server.script = () => move
    const { answer: found } = await lake.ask('Who was denied access?', bedrock())
    expect(found.mode).toBe('named')
    expect(found.results.at(-1)?.name).toBe('access-denied')
    expect(found.notes.join('\n')).toMatch(/^Answered without a model: /m)
    expect(found.notes.join('\n')).toMatch(why)
  })

  it.each([
    ['malformed JSON of a tool', { tools: [{ name: 'run_sql', raw: '{"sql": "select' }] }],
    ['max_tokens in the middle', { text: 'I think that', finish: 'length' }],
    ['an answer that has not its form', { tools: [{ name: 'answer', input: { claims: 'all is well' } }] }],
    ['a tool that is not there', { tools: [{ name: 'shell', input: { command: 'rm -rf /' } }] }],
  ] as const)('survives %s', async (_, move) => {
    server.script = () => move
    const { answer: found } = await lake.ask('Who was denied access?', bedrock())
    expect(found.mode).toBe('named')
    expect(found.claims.every(({ verdict }) => verdict === 'struck out')).toBe(true)
  })
})

it('writes each run and its steps into the lake', async () => {
  server.script = [
    sql(DENIED),
    sql('drop table cloudtrail'),
    answer({ text: '7 calls were denied.', evidence: [{ result: 'r1' }] }),
  ]
  const { answer: found } = await lake.ask('How many were denied?', bedrock())
  const [run] = await lake.rows(
    `select question, mode, model, turns, claims, struck_out, refused from agent_run where run = '${found.run}'`,
  )
  expect(run).toEqual(['How many were denied?', 'model', 'bedrock/scripted', 3, 1, 0, 1])
  const steps = await lake.rows(
    `select seq, tool, outcome, result, rows from agent_step where run = '${found.run}' order by seq`,
  )
  expect(steps).toEqual([
    [1, 'run_sql', 'done', 'r1', 1],
    [2, 'run_sql', 'refused', null, null],
    [3, 'answer', 'done', null, null],
  ])
})

it('records every statement in the access log, as of the one who asked', async () => {
  server.script = [sql(DENIED)]
  await lake.ask('Who was denied access?', bedrock())
  const { pending } = lake.asking.services.accessLog
  expect(
    pending().filter(({ operation, input }) => operation === 'query' && input.includes('group by all'))
      .length,
  ).toBeGreaterThan(0)
})

it('shows a reader only what is theirs', async () => {
  server.script = [
    sql('select count(*) as calls from cloudtrail'),
    answer({ text: '0 calls were made.', evidence: [{ result: 'r1' }] }),
  ]
  const analyst = {
    subject: 'test:x',
    name: 'x',
    role: 'analyst',
    signedIn: 'oidc',
    mayUnmask: false,
    accounts: ['999999999999'],
  } as const
  const { answer: found } = await lake.ask('How many calls?', bedrock(), {}, analyst)
  expect(found.results[0]?.rows).toEqual([[0]])
  await expect(
    lake.ask('How many calls?', bedrock(), {}, { ...analyst, role: 'asked' }),
  ).rejects.toMatchObject({ status: 403 })
})
