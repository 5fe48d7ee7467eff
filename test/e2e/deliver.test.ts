import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Hec, startHec } from '../receivers/hec.ts'
import { ALL_SAMPLES, type Ended, loglake } from './program.ts'

const root = realpathSync(mkdtempSync(join(tmpdir(), 'loglake-deliver-')))
const TOKEN = 'the-token-of-this-test'
let hec: Hec
const call = (...args: string[]): Promise<Ended> =>
  loglake(args, { cwd: root, env: { SPLUNK_TOKEN: TOKEN, MASK_TOKEN: '0123456789abcdef' } })

async function done(...args: string[]): Promise<string> {
  const { code, out, err } = await call(...args)
  expect(code, err).toBe(0)
  return out
}

const list = async () =>
  JSON.parse(await done('deliver', 'list', '--format', 'json')) as Record<string, unknown>[]

beforeAll(async () => {
  hec = await startHec({ token: TOKEN })
  const pack = (await done('deliver', '--example', 'cribl-pack')).replace(
    'https://splunk.example.com:8088',
    hec.url,
  )
  writeFileSync(
    join(root, 'loglake.yaml'),
    `lake: ./lake
run: {port: 0}
follow: {seconds: 1, off: [summaries, detect]}
sources: {here: {type: folder, paths: ["${ALL_SAMPLES}"], watch: false}}
${pack}`,
  )
}, 120_000)
afterAll(async () => {
  await hec.stop()
  rmSync(root, { recursive: true })
})

it("a run delivers the pack's events beside its sources", { timeout: 240_000 }, async () => {
  const { code, err } = await call('run')
  expect(code, err).toBe(0)
  expect(err).not.toContain(TOKEN)
  const of = (sourcetype: string) => hec.events.filter((event) => event.sourcetype === sourcetype)
  const invocations = of('aws:sagemaker:invocation')
  const calls = of('aws:sagemaker:cloudtrail')
  const [counts] = JSON.parse(
    await done(
      'query',
      `select (select count(*) from sagemaker_invocation) as invocations, (select count(*) from cloudtrail
       where eventsource in ('sagemaker.amazonaws.com', 'runtime.sagemaker.amazonaws.com')) as calls`,
      '--format',
      'json',
    ),
  )
  expect({ invocations: invocations.length, calls: calls.length }, err).toEqual(counts)
  for (const { time, index, event } of invocations) {
    expect(index).toBe('aws')
    expect(event.endpoint).toBeTypeOf('string')
    expect(time).toBe(Date.parse(event.eventMetadata.inferenceTime) / 1000)
  }
})

it('shows what would go where, masked, and sends nothing', { timeout: 120_000 }, async () => {
  const before = hec.events.length
  const out = await done('deliver', '--dry-run')
  expect(out).toMatch(
    /^sagemaker-invocations: 96 of 96 rows of sagemaker_invocation would go to splunk \(splunk-hec\)/m,
  )
  expect(hec.events).toHaveLength(before)
})

it('is paused, skipped, replayed and told', { timeout: 240_000 }, async () => {
  await done('deliver', 'pause', 'sagemaker-cloudtrail', '--because', 'maintenance')
  expect(await list()).toMatchObject([
    { route: 'sagemaker-invocations', state: 'following', behind_rows: 0 },
    { route: 'sagemaker-cloudtrail', state: 'paused', why: 'maintenance' },
  ])
  expect((await call('deliver', 'pause', 'sagemaker-cloudtrail')).err).toContain('paused already')
  const replayed = await call('deliver', 'replay', 'sagemaker-cloudtrail', '--as', 'while-paused')
  expect(replayed.err).toMatch(/it is paused since .*: maintenance; `loglake deliver resume/)
  expect(replayed.code).toBe(2)
  await done('deliver', 'resume', 'sagemaker-cloudtrail')
  expect((await call('deliver', 'skip', 'sagemaker-cloudtrail')).err).toContain('--reason')
  expect((await call('deliver', 'pause', 'sagemaker-cloudtrial')).err).toContain(
    'did you mean "sagemaker-cloudtrail"',
  )
  expect((await call('deliver', 'retry', 'sagemaker-cloudtrail', 'no-such-id')).err).toContain('no such id')
  const before = hec.events.length
  await done('deliver', 'replay', 'sagemaker-invocations', '--as', 'again')
  expect(hec.events.length - before).toBe(96)
})

it('a receiver with another token is an error that shows neither', { timeout: 120_000 }, async () => {
  await hec.stop()
  hec = await startHec({ token: 'another', port: Number(new URL(hec.url).port) })
  const { code, out, err } = await call('deliver', 'retry', 'sagemaker-invocations')
  expect(code, err).toBe(0)
  expect(out).toContain('0 rows taken')
  expect(err).not.toContain(TOKEN)
})
