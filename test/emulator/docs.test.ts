import type { ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startJsonService } from '../e2e/json-service.ts'
import { loglake } from '../e2e/program.ts'
import { eventOf } from '../faults/objects.ts'
import { boto, bytes, type Call } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { announcedBucket, asRole, freshFolder, IN_REGION, until } from './world.ts'

/** The examples of docs/sources.md, as they stand there: each is run until what it names is in the lake. */

const DOCS = readFileSync(new URL('../../docs/sources.md', import.meta.url), 'utf8')
const DAY = new Date().toISOString().slice(0, 10).replaceAll('-', '/')
const AUDITED = 'arn:aws:iam::111122223333:role/loglake'
const MEMBER = 'arn:aws:iam::444455556666:role/loglake'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

/** The example below a heading. */
function example(heading: string): string {
  const [, section = ''] = DOCS.split(`\n## ${heading}\n`)
  const found = /^```yaml\n([\s\S]*?)^```/m.exec(section)
  if (!found?.[1]) throw new Error(`docs/sources.md has no example of ${heading}`)
  return found[1]
}

/** Runs an example, and nothing beside it, until a question has the answer that is wanted. */
async function runs(
  heading: string,
  lake: string,
  question: string,
  wanted: object[],
  env = {},
): Promise<void> {
  const folder = freshFolder('docs')
  mkdirSync(join(folder, 'inbox'))
  writeFileSync(
    join(folder, 'inbox', 'events.json'),
    JSON.stringify({ Records: [eventOf('of-the-inbox', 1)] }),
  )
  writeFileSync(join(folder, 'loglake.yaml'), `${example(heading)}run: {port: 0}\n`)
  const own = { ...moto.env, ...env }
  let child: ChildProcess | undefined
  let said = ''
  const running = loglake(['run'], {
    cwd: folder,
    env: own,
    started(process) {
      child = process
      process.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    },
  })
  try {
    let answer: unknown
    let known = 0
    await until(async () => {
      if (child?.exitCode !== null) throw new Error(`it has ended\n${(await running).err}`)
      // Only a commit can make the answer another one.
      const commits = said.split('"committed').length - 1
      if (commits === known) return false
      known = commits
      const asked = ['query', question, '--lake', lake, '--format', 'json']
      const { code, out } = await loglake(asked, { cwd: folder, env: own })
      answer = code === 0 ? JSON.parse(out) : []
      return (answer as object[]).length >= wanted.length
    })
    expect(answer).toEqual(wanted)
  } finally {
    child?.kill('SIGTERM')
  }
  const { code, err } = await running
  expect(code, err).toBe(0)
}

/** A bucket that tells a queue of what comes into it, and an event in it, in the account of the role. */
async function announced(queue: string, bucket: string, key: string, id: string): Promise<void> {
  const owner = await asRole(moto, AUDITED, 'eu-central-1')
  await announcedBucket(owner, bucket, {}, queue)
  await boto(owner, [['s3', 'put_object', { Bucket: bucket, Key: key, Body: bytes(trailFile(id)) }]])
}

const trailFile = (id: string) => gzipSync(JSON.stringify({ Records: [eventOf(id, 1)] }))
const trailKey = (folder: string) =>
  `${folder}CloudTrail/eu-central-1/${DAY}/111122223333_CloudTrail_eu-central-1_x.json.gz`

/** Lines of a log group, as of a minute ago. */
function logged(group: string, message: string): Call[] {
  const place = { logGroupName: group, logStreamName: 'AllTraffic/i-1' }
  return [
    ['logs', 'create_log_group', { logGroupName: group }],
    ['logs', 'create_log_stream', place],
    ['logs', 'put_log_events', { ...place, logEvents: [{ timestamp: Date.now() - 60_000, message }] }],
  ]
}

const EVENTS = 'select eventid from cloudtrail order by eventid'
const LINES = 'select message from cloudwatch_log order by message'

let turn: Promise<unknown> = Promise.resolve()

/** Several examples name one queue: they take turns. */
const ofTheQueue = (example: () => Promise<void>) => async () => {
  const mine = turn.then(example)
  turn = mine.catch(() => undefined)
  await mine
}

/** They mostly wait: for the age of a commit, and for polls. */
describe.concurrent('an example of', () => {
  it(
    's3-queue',
    ofTheQueue(async () => {
      await announced('trail-objects', 'example-trail', trailKey('AWSLogs/111122223333/'), 'announced')
      await runs('s3-queue', './lake', EVENTS, [{ eventid: 'announced' }])
    }),
  )

  it('s3', async () => {
    const put = (account: string, id: string): Call => [
      's3',
      'put_object',
      {
        Bucket: 'example-logs',
        Key: trailKey(`AWSLogs/o-exampleorgid/${account}/`),
        Body: bytes(trailFile(id)),
      },
    ]
    await boto(moto, [
      ['s3', 'create_bucket', { Bucket: 'example-logs', ...IN_REGION }],
      put('444455556666', 'of-another-account'),
      put('111122223333', 'listed'),
    ])
    await runs('s3', './lake', EVENTS, [{ eventid: 'listed' }])
  })

  it('cloudtrail-lookup', async () => {
    const nowSeconds = Math.floor(Date.now() / 1000)
    const service = await startJsonService(({ operation, region, body }) => {
      if (operation !== 'LookupEvents') return { refused: 'UnknownOperationException' }
      const EventTime = nowSeconds - 3600
      const isAsked = body.StartTime <= EventTime && body.EndTime >= EventTime
      const eventTime = new Date(EventTime * 1000).toISOString().replace('.000', '')
      const id = `of-${region}`
      const event = { ...eventOf(id, 1), eventTime, awsRegion: region }
      const found = { EventId: id, EventTime, CloudTrailEvent: JSON.stringify(event) }
      return { body: { Events: isAsked ? [found] : [] } }
    })
    try {
      const wanted = [{ eventid: 'of-eu-central-1' }, { eventid: 'of-us-east-1' }]
      await runs('cloudtrail-lookup', './lake', EVENTS, wanted, { AWS_ENDPOINT_URL: service.endpoint })
    } finally {
      await service.stop()
    }
  })

  it('cloudwatch-logs', async () => {
    await boto(moto, [
      ...logged('/aws/sagemaker/studio', 'excluded'),
      ...logged('/aws/sagemaker/TrainingJobs', 'epoch 1'),
    ])
    await runs('cloudwatch-logs', './lake', LINES, [{ message: 'epoch 1' }])
  })

  it('folder', async () => {
    await runs('folder', './lake', EVENTS, [{ eventid: 'of-the-inbox' }])
  })

  it(
    'several accounts and Regions',
    ofTheQueue(async () => {
      const member = await asRole(moto, MEMBER, 'us-east-1')
      await boto(member, logged('/aws/sagemaker/Endpoints/member', 'of the member account'))
      await announced('trail-objects', 'example-audit', trailKey('AWSLogs/111122223333/'), 'audited')
      const profiles = join(freshFolder('profiles'), 'config')
      writeFileSync(
        profiles,
        `[profile audit]\nrole_arn = ${AUDITED}\ncredential_source = Environment\nregion = eu-central-1\n`,
      )
      const both =
        'select eventid as found from cloudtrail union all select message from cloudwatch_log order by 1'
      const wanted = [{ found: 'audited' }, { found: 'of the member account' }]
      const env = { AWS_CONFIG_FILE: profiles, EXTERNAL_ID: 'an external id' }
      await runs('Several accounts and Regions', './lake', both, wanted, env)
    }),
  )

  it(
    'variables',
    ofTheQueue(async () => {
      await boto(moto, [['s3', 'create_bucket', { Bucket: 'example-lake-eu-central-1', ...IN_REGION }]])
      await announced('trail-objects', 'example-trail-2', trailKey('AWSLogs/111122223333/'), 'by-a-variable')
      await announced(
        'guardduty-objects',
        'example-guardduty',
        trailKey('AWSLogs/444455556666/'),
        'by-another',
      )
      const wanted = [{ eventid: 'by-a-variable' }, { eventid: 'by-another' }]
      await runs('Variables', 's3://example-lake-eu-central-1/logs', EVENTS, wanted)
    }),
  )
})
