import { afterEach, beforeEach, expect, test } from 'vitest'
import { freshPlace, type Place } from './brought.ts'
import { DELIVERIES, type Form } from './deliveries.ts'

/** A record that differs from another in a number alone is no repeat of it, whichever digit it is. */

let place: Place
beforeEach(() => {
  place = freshPlace()
})
afterEach(() => place.remove())

/** Numbers that doubles, or DuckDB's JSON reader, take for the same. */
const ALMOST = [
  ['1.00000000000000000001', '1'],
  ['12345678901234567890123', '12345678901234567890124'],
  ['0.1', '0.1000000000000000055511151231257827'],
  ['1e400', '1e401'],
  ['1e-400', '0'],
] as const

/** Each of them stands here as a text that `written` replaces. */
const all = (name: string) => ALMOST.map((_, at) => `${name}${at}`)

/** Where a record of a log type can have such numbers. */
const NUMBERED: Record<string, object> = {
  cloudtrail: { odd: all('a'), requestParameters: { n: all('b') }, apiVersion: 'c0' },
  bedrock_invocation: { odd: all('a'), input: { inputTokenCount: 'b0', inputBodyJson: { n: all('c') } } },
  guardduty_finding: {
    odd: all('a'),
    severity: 'b0',
    resource: { resourceType: 'AccessKey', odd: all('c') },
  },
  sagemaker_event: { odd: all('a'), detail: { TrainingJobName: 'kmeans-1', odd: all('b') } },
  cloudwatch_metric: { odd: all('a'), detail: { alarmName: 'ep-5xx', odd: all('b') } },
  sagemaker_invocation: { odd: all('a') },
  session_log: { odd: all('a'), sessionData: all('b') },
}

/** @param changed the number that is another one than usual */
function written(form: Form, record: object, changed?: string): string {
  return form([record as Record<string, unknown>]).replaceAll(
    /\\*"([a-c])([0-4])\\*"/g,
    (_, where: string, at: string) => (ALMOST[Number(at)] ?? ALMOST[0])[`${where}${at}` === changed ? 1 : 0],
  )
}

test.each(Object.keys(NUMBERED))('%s, whichever way it comes', async (name) => {
  const { record: plain, forms } = DELIVERIES[name] as (typeof DELIVERIES)[string]
  const record = { ...plain, ...NUMBERED[name] }
  const names = [...JSON.stringify(record).matchAll(/"([a-c][0-4])"/g)].map(([, found]) => found)
  for (const [at, [way, form]] of Object.entries(forms).entries()) {
    const counts = await place.bring({ [`${at}.json`]: written(form, record) })
    const [stored, repeated] = at === 0 ? [1, 0] : [0, 1]
    expect([way, counts]).toEqual([way, { stored, repeated, conflicts: 0 }])
    const others = names.map((changed) => written(form, record, changed)).join('\n')
    expect([way, await place.bring({ [`${at}-others.json`]: others })]).toEqual([
      way,
      { stored: 0, repeated: 0, conflicts: names.length },
    ])
  }
  // To the last digit, in its column or in what is unmapped.
  const [row] = await place.rows(`select * from ${name}`)
  const texts = Object.values(row as object).map(String)
  for (const [number] of ALMOST) expect(texts.some((text) => text.includes(number))).toBe(true)
  await place.expectSound()
})

test('a number that is only written another way is the same', async () => {
  const { record, forms } = DELIVERIES.cloudtrail as (typeof DELIVERIES)[string]
  const [form] = Object.values(forms) as [Form]
  const numbered = (number: string) => form([{ ...record, odd: 'a0' }]).replace('"a0"', number)
  await place.bring({ 'a.json': numbered('15') })
  const others = ['15.0', '1.5e1', '150E-1'].map(numbered).join('\n')
  expect(await place.bring({ 'b.json': others })).toEqual({ stored: 0, repeated: 3, conflicts: 0 })
})
