import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { printAsked } from '../../src/cli/show/asked.ts'
import { append } from '../../src/lake/append.ts'
import type { TableDefinition } from '../../src/lake/table.ts'
import { openLocation } from '../../src/workspace/open.ts'
import { type AskedLake, askedLake } from './lake.ts'
import { type Scripted, scriptedServer } from './scripted.ts'
import { setKeys, wires } from './wires.ts'

/** The call of bob that a finding of the scorer is on. */
const FLAGGED = '00000000-0000-4000-8000-000000000007'

let lake: AskedLake
let server: Scripted
beforeAll(async () => {
  setKeys()
  server = await scriptedServer()
  lake = await askedLake({ hostile: false })
  const finding = lake.tables.find(({ name }) => name === 'finding') as TableDefinition
  const one = (id: string, rule: string, of: string) => ({
    ...{ id, rule, detector: 'passages', time: '2026-01-07T10:07:00Z', severity: 'high' },
    evidence: JSON.stringify([{ table: 'cloudtrail', id: of, time: '2026-01-07T10:07:00.000000Z' }]),
  })
  const rows = [
    one('f1', 'injection-in-prompt', FLAGGED),
    one('f2', 'secret-in-prompt', '00000000-0000-4000-8000-000000000008'),
  ]
  await append(openLocation({ lake: lake.place }).lake, 'test', async () => ({
    rows: [{ table: finding, rows }],
  }))
})
afterAll(async () => {
  await lake.close()
  await server.close()
})

it('marks rows with a finding of prompt injection, and no others, for the model and for people', async () => {
  server.script = [
    {
      tools: [
        { name: 'run_sql', input: { sql: 'select eventid, eventname from cloudtrail order by eventid' } },
      ],
    },
    {
      tools: [
        { name: 'answer', input: { claims: [{ text: '9 calls were made.', evidence: [{ result: 'r1' }] }] } },
      ],
    },
  ]
  const settings = (wires[0] as (typeof wires)[number]).settings(server.url)
  const { answer } = await lake.ask('Which calls were made?', settings)
  expect(answer.results[0]?.flagged).toEqual([8])
  expect(server.asked[1]?.results[0]).toContain('Rows 8 have a finding of prompt injection')

  const printed: string[] = []
  const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => printed.push(String(text)) > 0)
  await printAsked(answer, {}).finally(() => write.mockRestore())
  expect(printed.join('')).toContain('row 8: the scorer of prompt injection has a finding')
})

it('marks them without a model, too', async () => {
  const { answer } = await lake.ask('Who turned off logging?')
  const rows = answer.results.at(-1)
  expect(rows?.rows.map((row) => row.includes(FLAGGED))).toContain(true)
  expect(rows?.flagged).toEqual(rows?.rows.flatMap((row, at) => (row.includes(FLAGGED) ? [at + 1] : [])))
})
