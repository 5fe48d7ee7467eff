import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Scripted, scriptedServer } from '../ask/scripted.ts'
import { pretendCredentials } from './json-service.ts'
import { entry, event, type LookupService, many, nowSeconds, startLookupService } from './lookup-service.ts'
import { freshFolder } from './program.ts'
import { rowsOf, warm } from './warm.ts'

// An analysis of what CloudTrail's own history has, by LookupEvents and without a trail.

beforeAll(pretendCredentials)
let service: LookupService
let model: Scripted
let folder: string
beforeEach(async () => {
  service = await startLookupService()
  model = await scriptedServer()
  folder = freshFolder()
  writeFileSync(
    join(folder, 'loglake.yaml'),
    `model: { provider: openai-compatible, id: scripted, base_url: "${model.url}/v1", prices: { input: 1, output: 2 } }\n`,
  )
})
afterEach(async () => {
  await service.stop()
  await model.close()
})

const here = (args: string[]) => warm(args, { cwd: folder })
const analyze = (...more: string[]) =>
  here([
    'analyze',
    '--lookup',
    'eu-central-1',
    '--lookup',
    'us-east-1',
    '--endpoint',
    service.endpoint,
    ...more,
  ])
const planOf = async (...more: string[]) => {
  const { out, err, code } = await analyze('--dry-run', '--json', ...more)
  expect([code, code === 0 ? '' : err]).toEqual([0, ''])
  return { ...JSON.parse(out), err } as {
    events: number
    selection: Record<string, unknown>
    own: Record<string, number>
    err: string
  }
}

const OWN = {
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'LookupEvents',
  userAgent: 'aws-sdk-js/3 app/loglake',
}

it('reads every page of each Region at the rate that is allowed, and leaves out and counts what is our own', async () => {
  service.history.set('eu-central-1', [
    ...many(170, 'eu-central-1', 600),
    ...[1, 2, 3].map((at) => entry(`own-${at}`, nowSeconds() - 60 * at - 300, 'eu-central-1', OWN)),
  ])
  service.history.set('us-east-1', many(5, 'us-east-1', 900))
  const { events, selection, own, err } = await planOf('--since', '24h')
  expect(events).toBe(175)
  expect(Object.values(own).reduce((sum, one) => sum + one, 0)).toBe(3)
  expect(selection).toMatchObject({ accounts: ['111122223333'], regions: ['eu-central-1', 'us-east-1'] })
  expect(err).toMatch(/LookupEvents of eu-central-1, us-east-1: \d+ requests, 178 new events in the lake/)
  expect(service.throttled).toBe(0)
  expect(service.asked.every(({ body }) => body.MaxResults === 50)).toBe(true)
  // Again: what the lake has is not in it twice.
  const again = await planOf('--since', '24h')
  expect(again.events).toBe(175)
  expect(await rowsOf(join(folder, 'lake'), 'select count(*) as n from cloudtrail')).toEqual([{ n: 178 }])
})

it('is about what was looked up, whatever else the lake has', async () => {
  const seconds = nowSeconds() - 3600
  const trail = join(folder, 'trail')
  mkdirSync(trail)
  const others = [
    event('other-account', seconds, 'eu-central-1', { recipientAccountId: '999988887777' }),
    event('other-region', seconds, 'eu-west-1'),
    event('both', seconds, 'eu-central-1'),
  ]
  writeFileSync(join(trail, 'trail.json'), JSON.stringify({ Records: others }))
  expect((await here(['ingest', trail])).code).toBe(0)
  service.history.set('eu-central-1', [
    entry('both', seconds, 'eu-central-1'),
    entry('only', seconds, 'eu-central-1'),
  ])
  const { events, err } = await planOf()
  expect(events).toBe(2)
  expect(err).toContain('1 new events in the lake, 1 that it had')
})

it('waits where it is throttled, and goes on', async () => {
  service.history.set('eu-central-1', many(60, 'eu-central-1', 600))
  let refused = 0
  service.refuse = () =>
    refused++ % 3 === 0 ? { refused: 'ThrottlingException', message: 'Rate exceeded' } : undefined
  expect((await planOf()).events).toBe(60)
  expect(refused).toBeGreaterThan(2)
})

it('fails where a Region may not be asked, and says so', async () => {
  service.refuse = ({ region }) =>
    region === 'us-east-1' ? { refused: 'AccessDeniedException', message: 'not authorized' } : undefined
  const { code, err } = await analyze('--dry-run')
  expect(code).not.toBe(0)
  expect(err).toMatch(/us-east-1/)
  expect(model.asked).toEqual([])
})

it('has 90 days, and says what is older', async () => {
  service.history.set('eu-central-1', many(2, 'eu-central-1', 600))
  const { events, err } = await planOf('--since', '200d')
  expect(events).toBe(2)
  expect(err).toContain('LookupEvents has the events of 90 days')
  const old = await analyze('--since', '200d', '--until', '150d')
  expect([old.code, old.err]).toEqual([2, expect.stringContaining('the whole span is older')])
})

it('says that there is nothing where there is nothing', async () => {
  const { code, err } = await analyze()
  expect(code).toBe(0)
  expect(err).toContain('LookupEvents has no events of that span')
  expect(model.asked).toEqual([])
})

it('goes through the same plan to a report', async () => {
  service.history.set('eu-central-1', many(20, 'eu-central-1', 600))
  model.script = () => ({ object: { findings: [], nothing_notable: true } })
  const { code, out, err } = await analyze('--max-usd', '1')
  expect([code, code === 0 ? '' : err]).toEqual([0, ''])
  expect(out).toMatch(/20 events were read in \d+ calls? of the model/)
  expect(model.asked.length).toBeGreaterThan(0)
})

it.each([
  ['analyze --lookup moon-1', 'A Region is wanted'],
  ['analyze --profile x', 'they go with --lookup'],
  ['analyze --lookup us-east-1 --in-region eu-west-1', 'nothing would be left'],
])('`%s` is a mistake, and says which', async (line, said) => {
  expect((await here(['ingest', join(folder, 'loglake.yaml')])).code).toBeLessThan(3)
  const { code, err } = await here(line.split(' '))
  expect([code, err]).toEqual([2, expect.stringContaining(said)])
})
