import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { priceView } from './prices.ts'

const file = join(mkdtempSync(join(tmpdir(), 'loglake-prices-')), 'prices.csv')

async function prices(text: string | undefined, columns: string) {
  if (text !== undefined) writeFileSync(file, text)
  const engine = await openEngine({ threads: 1 })
  try {
    const { sql } = priceView(text === undefined ? undefined : file)
    return await engine.objects(`select ${columns} from (${sql}) order by all`)
  } finally {
    engine.close()
  }
}

it('each of ours names where and when it was found', async () => {
  const ours = await prices(undefined, 'model, input, output, source, read_on::varchar as read_on')
  expect(ours.length).toBeGreaterThan(10)
  for (const price of ours) {
    expect(price).toMatchObject({ input: expect.any(Number), output: expect.any(Number) })
    expect(price.source).toMatch(/^https:\/\//)
    expect(price.read_on).toMatch(/^\d{4}-\d\d-\d\d$/)
  }
})

it("a user's own take the place of ours, or add to them", async () => {
  const ours = await prices(undefined, 'model, profile')
  const mine =
    '\ufeffinput,output,model,source,profile\r\n9,8,amazon.nova-lite-v1:0,"said ""so"", twice",\r\n\r\n1,2,it\'s mine,,global\r\n'
  const all = await prices(mine, 'model, profile, input, source')
  expect(all.length).toBe(ours.length + 1)
  expect(all).toContainEqual({
    model: 'amazon.nova-lite-v1:0',
    profile: null,
    input: 9,
    source: 'said "so", twice',
  })
  expect(all).toContainEqual({ model: "it's mine", profile: 'global', input: 1, source: null })
})

it.each([
  ['model,input,outptu\n', /prices\.csv:1: there is no column "outptu"/],
  ['model,input\n', /prices\.csv:1: the column "output" is missing/],
  ['model,input,output\n\na,1\n', /prices\.csv:3: 2 cells, and the first line has 3/],
  ['model,input,output\n,1,1\n', /prices\.csv:2: the model is missing/],
  ['model,input,output\na,-1,1\n', /prices\.csv:2: input: an amount in US dollars is wanted, not "-1"/],
  ['model,input,output,valid_from\na,1,1,today\n', /prices\.csv:2: valid_from: a day is wanted/],
])('%j is refused with its place', async (text, why) => {
  await expect(prices(text, '*')).rejects.toThrow(why)
})

it('a list that there is not is refused', () => {
  expect(() => priceView('/nowhere/prices.csv')).toThrow(/nowhere\/prices\.csv: the prices cannot be read/)
})
