import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEngine } from '../lib/duckdb.ts'
import { modelOf } from '../logtypes/bedrock_invocation/model.ts'
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
  expect(ours.length).toBeGreaterThan(400)
  for (const price of ours) {
    expect(price).toMatchObject({ input: expect.any(Number), output: expect.any(Number) })
    expect(price.source).toMatch(/^https:\/\//)
    expect(price.read_on).toMatch(/^\d{4}-\d\d-\d\d$/)
  }
})

it('no two of ours fit a call equally well, and each is of a model as loglake names it', async () => {
  const ours = await prices(undefined, 'model, profile, region, valid_from::varchar as day')
  expect(new Set(ours.map((price) => JSON.stringify(price))).size).toBe(ours.length)
  for (const { model, profile } of ours) {
    const id = profile === null ? `${model}` : `${profile}.${model}`
    expect(modelOf(id, undefined)).toBe(model)
    expect(modelOf(`arn:aws:bedrock:us-east-1:111122223333:inference-profile/${id}`, undefined)).toBe(model)
  }
})

it('writing to the cache never costs less than reading, nor for an hour less than for five minutes', async () => {
  const ours = await prices(undefined, 'input, cache_read, cache_write, cache_write_1h')
  expect(ours.filter(({ cache_write_1h }) => cache_write_1h !== null).length).toBeGreaterThan(50)
  for (const { input, cache_read, cache_write, cache_write_1h } of ours as Record<string, number>[]) {
    if (cache_read !== null) expect(cache_read).toBeLessThan(input as number)
    if (cache_write !== null) expect(cache_write).toBeGreaterThanOrEqual(input as number)
    if (cache_write_1h !== null) expect(cache_write_1h).toBeGreaterThan(cache_write as number)
  }
})

it("a user's own take the place of ours that they are as wide as, or add to them", async () => {
  const ours = await prices(undefined, 'model, profile, region')
  const lite = ours.filter(({ model }) => model === 'amazon.nova-lite-v1:0')
  const pro = ours.filter(({ model, profile }) => model === 'amazon.nova-pro-v1:0' && profile === 'eu')
  expect([lite.length > 1, pro.length]).toEqual([true, 1])
  const mine =
    '\ufeffinput,output,model,source,profile\r\n9,8,amazon.nova-lite-v1:0,"said ""so"", twice",\r\n7,6,amazon.nova-pro-v1:0,,eu\r\n\r\n1,2,it\'s mine,,global\r\n'
  const all = await prices(mine, 'model, profile, input, source')
  expect(all.length).toBe(ours.length - lite.length - pro.length + 3)
  expect(all.filter(({ model }) => model === 'amazon.nova-lite-v1:0')).toEqual([
    { model: 'amazon.nova-lite-v1:0', profile: null, input: 9, source: 'said "so", twice' },
  ])
  expect(all).toContainEqual({ model: 'amazon.nova-pro-v1:0', profile: 'eu', input: 7, source: null })
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
