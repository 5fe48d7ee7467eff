import { afterAll, beforeAll, expect, it } from 'vitest'
import { failures, type Served, SPAN, served } from './served.ts'

// What is another manager's is as what is nowhere, to the byte; only the id of the request differs.

const OPERATOR = 'operator:ana@example.com'
const MANAGERS = ['manager:dalia@example.com', 'manager:farah@example.com']
const MISSING = '00000000-0000-0000-0000-000000000000'

let lake: Served
beforeAll(async () => {
  lake = await served()
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

async function idsOf(as: string, list: string): Promise<string[]> {
  const query = { ...SPAN, limit: '500', ...(list === 'findings' ? { state: 'all' } : {}) }
  const { rows } = (await (await lake.get(as, list, query)).json()) as { rows: { id: string }[] }
  return rows.map(({ id }) => id)
}

async function told(as: string, name: string, query: Record<string, string>) {
  const response = await lake.get(as, name, query)
  const { instance: _, ...body } = (await response.json()) as Record<string, unknown>
  return { status: response.status, ...body }
}

it.each([
  ['conversation', 'conversations', 'id'],
  ['finding', 'findings', 'id'],
  ['evidence', 'findings', 'finding'],
])('%s of an id in another manager’s %s', async (name, list, field) => {
  const all = await idsOf(OPERATOR, list)
  for (const as of MANAGERS) {
    const own = new Set(await idsOf(as, list))
    const foreign = all.find((id) => !own.has(id)) as string
    expect(foreign).toBeTypeOf('string')
    const missing = await told(as, name, { [field]: MISSING })
    expect(missing.status).toBe(404)
    expect(await told(as, name, { [field]: foreign })).toEqual(missing)
  }
})
