import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Reader } from '../../src/query/reader.ts'
import type { Auth } from '../../src/server/auth/contract.ts'
import { failures, type Served, served } from './served.ts'

// Operations about the whole lake, which commands call as well: who may call them, and how their lists go on.

const OWN = '444455556666'
const READERS: Record<string, Partial<Reader>> = {
  operator: { role: 'operator' },
  analyst: { role: 'analyst' },
  limited: { role: 'operator', accounts: [OWN] },
  regional: { role: 'analyst', regions: ['us-east-1'] },
  manager: { role: 'manager', people: [{ person: 'goran@example.com' }] },
  auditor: { role: 'auditor' },
}
const auth = (): Auth => ({
  mount: () => undefined,
  readerOf: async (http) => {
    const as = http.req.header('as') as string
    return { subject: `test:${as}`, name: as, signedIn: 'oidc', mayUnmask: false, ...READERS[as] } as Reader
  },
  addressOf: () => '127.0.0.1',
  secure: () => false,
})

let lake: Served
beforeAll(async () => {
  lake = await served(auth)
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

async function told<Shape>(as: string, name: string, given: Record<string, string> = {}): Promise<Shape> {
  const response = await lake.get(as, name, given)
  const body = await response.json()
  expect(response.status, JSON.stringify(body)).toBe(200)
  return body as Shape
}

const WHOLE = ['followers', 'routes', 'analyses', 'versions', 'holds', 'objects', 'dead-letters']

describe.each(WHOLE)('%s', (name) => {
  it('is for who sees every row', async () => {
    for (const as of ['operator', 'analyst']) expect((await lake.get(as, name)).status).toBe(200)
    for (const as of ['limited', 'regional', 'manager', 'auditor'])
      expect([as, (await lake.get(as, name)).status]).toEqual([as, 403])
  })
})

it('days counts the rows of the reader, and no day of others', async () => {
  interface Days {
    rows: { table: string; account: string | null; region: string | null; records: number }[]
  }
  const all = await told<Days>('operator', 'days', { table: 'cloudtrail' })
  const own = await told<Days>('limited', 'days', { table: 'cloudtrail' })
  expect(new Set(all.rows.map(({ account }) => account)).size).toBeGreaterThan(1)
  expect(own.rows).toEqual(all.rows.filter(({ account }) => account === OWN))
  const { rows } = await told<Days>('regional', 'days')
  expect(new Set(rows.map(({ region }) => region))).toEqual(new Set(['us-east-1']))
  const theirs = await told<Days>('manager', 'days')
  const count = (of: Days) => of.rows.reduce((sum, { records }) => sum + records, 0)
  expect(count(theirs)).toBeGreaterThan(0)
  expect(count(theirs)).toBeLessThan(count(await told<Days>('operator', 'days')))
  expect((await lake.get('auditor', 'days')).status).toBe(403)
  const first = await told<Days & { more: boolean }>('operator', 'days', { table: 'cloudtrail', limit: '1' })
  expect([first.rows, first.more]).toEqual([all.rows.slice(0, 1), true])
  expect((await lake.get('operator', 'days', { table: 'cloudtrial' })).status).toBe(400)
})

it('objects are on pages, each once', async () => {
  interface Page {
    rows: { lake_object: string; outcome: string }[]
    total: number
    next: string | null
  }
  const whole = await told<Page>('operator', 'objects', { limit: '1000' })
  expect([whole.rows.length, whole.next]).toEqual([whole.total, null])
  const seen: Page['rows'] = []
  let after: string | null = '0'
  while (after !== null) {
    const page: Page = await told('operator', 'objects', { limit: '100', after })
    expect(page.total).toBe(whole.total)
    seen.push(...page.rows)
    after = page.next
  }
  expect(seen).toEqual(whole.rows)
  const skipped = await told<Page>('operator', 'objects', { outcome: 'skipped', limit: '1000' })
  expect(skipped.rows).toEqual(whole.rows.filter(({ outcome }) => outcome === 'skipped'))
  expect(skipped.rows.length).toBeGreaterThan(0)
})

it('versions go on before a version', async () => {
  interface Page {
    versions: { version: number }[]
    more: number
  }
  const all = await told<Page>('operator', 'versions')
  const [newest, ...rest] = all.versions
  const before = await told<Page>('operator', 'versions', { before: String(newest?.version), limit: '2' })
  expect(before.versions).toEqual(rest.slice(0, 2))
  expect(before.more).toBe(rest.length - 2 + all.more)
})

it('rejects are found by the name of their object', async () => {
  interface Page {
    rows: { object: string }[]
  }
  const { rows } = await told<Page>('operator', 'rejects')
  const [one] = rows
  const like = `%${one?.object.split('/').at(-1)}`
  expect((await told<Page>('operator', 'rejects', { like })).rows).toContainEqual(one)
  expect((await told<Page>('operator', 'rejects', { like: 'no-such%' })).rows).toEqual([])
})

it('brief tables have sizes, and no columns', async () => {
  interface Table {
    name: string
    kind: string
    rows: number | null
    files: number | null
    bytes: number | null
    columns: unknown[]
  }
  const whole = await told<{ tables: Table[] }>('analyst', 'tables')
  const brief = await told<{ tables: Table[]; functions: string[] }>('analyst', 'tables', { brief: 'true' })
  expect(brief.tables).toEqual(whole.tables.map((one) => ({ ...one, columns: [] })))
  expect(brief.functions).toEqual([])
  const { rows, files, bytes } = brief.tables.find(({ name }) => name === 'cloudtrail') as Table
  expect([rows, Number(files) > 0, Number(bytes) > 0]).toEqual([4015, true, true])
  const own = await told<{ tables: Table[] }>('limited', 'tables', { brief: 'true' })
  expect(own.tables.flatMap((one) => [one.rows, one.files, one.bytes]).filter((one) => one !== null)).toEqual(
    [],
  )
})
