import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changesNothing, type Operation } from '../../src/api/contract.ts'
import { operations } from '../../src/api/index.ts'
import type { TableDefinition } from '../../src/lake/table.ts'
import { identifier } from '../../src/lib/sql.ts'
import type { Reader } from '../../src/query/reader.ts'
import { placeColumn } from '../../src/query/rows-of.ts'
import type { Auth } from '../../src/server/auth/contract.ts'
import { loglake } from '../e2e/program.ts'
import { writeAskRuns } from './ask-runs.ts'
import { CANARY, FOREIGN, NUMBER, PEOPLE, PERSON, writeCanaries } from './canaries.ts'
import { GIVEN, SESSION } from './given.ts'
import { failures, type Served, SPAN, served } from './served.ts'

// Who is limited to an account, to a Region, or to people in spans of time learns nothing of other rows, whichever
// operation they ask: no text and no number of those is in an answer, and every answer is as it was before they were
// there.

const OWN = '444455556666'
const CANARY_ID = JSON.stringify({ [CANARY]: 'x' })
const ROWS = `select * from cloudtrail where eventtime >= '${SPAN.from}' order by eventid limit 1000`

/** What operations are given beside what each is given elsewhere: exports, and questions in SQL. */
const MORE: Record<string, Record<string, string | string[]>[]> = {
  query: [
    { sql: ROWS },
    { sql: 'from session order by all' },
    { sql: 'select count(*), max(eventtime) from cloudtrail' },
  ],
  'query-export': ['csv', 'csv-safe', 'ndjson'].map((format) => ({ sql: ROWS, format })),
  'session-export': [{ id: SESSION, format: 'text' }, { id: CANARY_ID }],
  'usage-export': ['csv', 'ndjson'].map((format) => ({ ...SPAN, by: ['model', 'role'], format })),
  evidence: [{ sql: 'select count(*) from cloudtrail' }, { finding: CANARY_ID }],
  named: [{ name: 'by-person', parameters: { person: '%' } }] as never,
  find: [{ text: FOREIGN }],
  finding: [{ id: CANARY_ID }],
  conversation: [{ id: CANARY_ID }],
  'conversation-text': [{ requestid: CANARY_ID, of: 'system' }],
  session: [{ id: SESSION }, { id: CANARY_ID }],
  record: [{ table: 'cloudtrail', id: CANARY_ID }],
  'agent-run': [{ id: CANARY_ID }],
  activity: [{ ...SPAN, where: [`account:${FOREIGN}`] }],
}

/** One reader of each limit, and one who sees everything, for whom the canaries must be there. */
const READERS: Record<string, Pick<Reader, 'role' | 'mayUnmask' | 'accounts' | 'regions' | 'people'>> = {
  account: { role: 'operator', mayUnmask: true, accounts: [OWN] },
  region: { role: 'analyst', mayUnmask: true, regions: ['us-east-1'] },
  people: { role: 'manager', mayUnmask: true, people: PEOPLE },
  everything: { role: 'operator', mayUnmask: true },
}
const LIMITED = ['account', 'region', 'people']
const auth = (): Auth => ({
  mount: () => undefined,
  readerOf: async (http) => {
    const as = http.req.header('as') as string
    return { subject: `test:${as}`, name: `${as}@example.com`, signedIn: 'oidc', ...READERS[as] } as Reader
  },
  isSignedIn: async () => true,
  addressOf: () => '127.0.0.1',
  secure: () => false,
})

// What goes on for ever tells everybody the same: test/server/new-versions.test.ts.
const asked = operations.filter((one) => changesNothing(one) && one.answers !== 'events')
const givenTo = ({ name }: Operation) => [...(GIVEN[name] ? [GIVEN[name]] : []), ...(MORE[name] ?? [])]

interface Told {
  status: number
  headers: string
  body: string
}

let lake: Served
let tables: string[] = []
const before = new Map<string, Told>()
const after = new Map<string, Told>()
/** How far summaries are behind, before the followers have read the canaries. */
type Behind = { rows: number | null; ms: number }
const late = new Map<string, Behind>()

async function ask(as: string, one: Operation, given: Record<string, string | string[]>): Promise<Told> {
  const response = await (one.kind === 'read' ? lake.get : lake.post)(as, one.name, given)
  const headers = [...response.headers].map((header) => header.join(': ')).join('\n')
  return {
    status: response.status,
    headers,
    body: Buffer.from(await response.arrayBuffer()).toString('latin1'),
  }
}

async function askAll(told: Map<string, Told>, as: string): Promise<void> {
  for (const one of asked)
    for (const [at, given] of givenTo(one).entries())
      told.set(`${as} ${one.name} ${at}`, await ask(as, one, given))
}

beforeAll(async () => {
  lake = await served(auth)
  await writeAskRuns(lake.asking.services.lake)
  for (const as of LIMITED) await askAll(before, as)
  tables = await writeCanaries(lake.asking.services.lake)
  for (const as of Object.keys(READERS)) {
    const { behind } = (await (await lake.get(as, 'overview', SPAN)).json()) as { behind: Behind }
    late.set(as, behind)
  }
  // Followers read them too: what they make of them is of that account.
  const followed = await loglake(['follow', '--once', '--lake', lake.place])
  expect(followed, followed.err).toMatchObject({ code: 0 })
  for (const as of LIMITED) await askAll(after, as)
}, 480_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

it('every operation that reads is given something', () => {
  expect(asked.filter((one) => givenTo(one).length === 0).map(({ name }) => name)).toEqual([])
  expect(
    Object.keys({ ...GIVEN, ...MORE }).filter((name) => !asked.some((one) => one.name === name)),
  ).toEqual([])
})

it('every table has a canary in each column of text, for who sees everything and for nobody else', async () => {
  expect(tables.length).toBeGreaterThan(15)
  const missing: string[] = []
  for (const name of tables) {
    const table = lake.asking.services.lake.tables.get(name) as TableDefinition
    const account = placeColumn(table, 'account')
    const texts = table.columns.filter(({ type }) => type === 'string' || type === 'json')
    const isCanary = texts
      .map((column) => `${identifier(column.name)}::varchar like '%${CANARY}%'`)
      .join(' or ')
    const sql = `from ${name} where ${isCanary}`
    const rows = async (as: string) => await (await lake.post(as, 'query', { sql })).text()
    const all = await rows('everything')
    for (const { name: column } of texts)
      if (column !== account && !all.includes(`${name}.${column}`)) missing.push(`${name}.${column}`)
    for (const as of LIMITED) expect([as, name, (await rows(as)).includes(CANARY)]).toEqual([as, name, false])
    if (!table.whose) continue
    const persons = await lake.post('everything', 'query', {
      sql: `select count(*) as n from ${name} where (${isCanary}) and ${table.whose.person} = '${PERSON}'`,
    })
    const { rows: counted } = (await persons.json()) as { rows: [[number]] }
    expect(counted[0][0], `rows of ${PERSON} in ${name}`).toBeGreaterThan(0)
  }
  expect(missing).toEqual([])
})

it('who is limited is told that summaries are late, and not by how many rows', () => {
  for (const as of LIMITED) expect(late.get(as)).toEqual({ rows: null, ms: expect.any(Number) })
  expect(late.get('account')?.ms).toBeGreaterThan(0)
  expect(late.get('everything')?.rows).toBeGreaterThan(1)
})

const CHECKED = LIMITED.flatMap((as) =>
  asked.flatMap((one) => givenTo(one).map((_, at) => `${as} ${one.name} ${at}`)),
)

describe('of rows outside of the limit', () => {
  it.each(CHECKED)('no text and no number is in what %s is told', (of) => {
    const { status, headers, body } = after.get(of) as Told
    expect(status, body).toBeLessThan(500)
    const echoed = (text: string) =>
      text.replaceAll(CANARY_ID, '').replaceAll(JSON.stringify(CANARY_ID).slice(1, -1), '')
    for (const text of [headers, echoed(body)])
      for (const found of [CANARY, String(NUMBER)]) expect(text).not.toContain(found)
  })

  const compared = CHECKED.filter((of) => !of.includes(' evidence '))
  it.each(compared)('nothing changes what %s is told', (of) => {
    expect(changes(plain(before.get(of) as Told), plain(after.get(of) as Told))).toEqual([])
  })
})

/** Without what any commit changes, and without the request's own id and time. */
function plain({ status, body }: Told): unknown {
  try {
    return { status, body: without(JSON.parse(Buffer.from(body, 'latin1').toString())) }
  } catch {
    return { status, body }
  }
}

const OWN_TO_THE_REQUEST = new Set(['version', 'instance', 'ms', 'lake', 'complete_to'])

function without(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(without)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) =>
      OWN_TO_THE_REQUEST.has(name) ? [] : [[name, without(one)]],
    ),
  )
}

/** Where two answers differ; sums of the same amounts in another order do not. */
function changes(one: unknown, other: unknown, at = ''): string[] {
  if (typeof one === 'number' && typeof other === 'number' && Math.abs(one - other) < 1e-9 * Math.abs(one))
    return []
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
      ? []
      : [`${at}: ${JSON.stringify(one)?.slice(0, 200)} → ${JSON.stringify(other)?.slice(0, 200)}`]
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].flatMap((name) =>
    changes(
      (one as Record<string, unknown>)[name],
      (other as Record<string, unknown>)[name],
      `${at}/${name}`,
    ),
  )
}
