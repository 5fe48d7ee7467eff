import { execFile } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Report } from '../../src/analyze/report/contract.ts'
import { awsClients } from '../../src/aws/clients.ts'
import { MODEL, ROLE } from '../analyze/analysed.ts'
import { carefulReader } from '../analyze/careful.ts'
import { fill, INCIDENTS, makeCorpus, type Planted, SINCE, UNTIL, WORKER } from '../analyze/corpus.ts'
import { objectsAt } from '../analyze/objects.ts'
import { type Script, type StandIn, startStandIn } from '../analyze/stand-in.ts'
import { freshFolder, loglake } from '../e2e/program.ts'
import { type Moto, startMoto } from './moto.ts'

const careful = carefulReader(new RegExp(`\\b(?:${INCIDENTS.map(([, call]) => call).join('|')})\\b`))
let moto: Moto
let planted: Planted
let filled: string
beforeAll(async () => {
  moto = await startMoto()
  planted = makeCorpus()
  filled = freshFolder()
  await fill(filled, planted)
}, 300_000)
afterAll(async () => {
  await moto.stop()
  for (const place of [filled, planted.folder]) rmSync(place, { recursive: true, force: true })
})

/** A topic, and a queue that gets what is published to it. */
async function topic(name: string) {
  const clients = awsClients(moto.identity)
  const [sns, sqs] = [await clients.sns(), await clients.sqs()]
  const { TopicArn = '' } = await sns.createTopic({ Name: name })
  const { QueueUrl = '' } = await sqs.createQueue({ QueueName: name })
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] })
  await sns.subscribe({ TopicArn, Protocol: 'sqs', Endpoint: Attributes?.QueueArn ?? '' })
  return {
    arn: TopicArn,
    async messages() {
      const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10 })
      clients.close()
      return Messages.map(
        ({ Body = '' }) => JSON.parse(JSON.parse(Body).Message) as { title: string; message: string },
      )
    },
  }
}

async function analysed(script: Script, topicArn: string): Promise<{ report: Report; standIn: StandIn }> {
  const s3 = await awsClients(moto.identity).s3()
  await s3
    .createBucket({ Bucket: 'analysis', CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } })
    .catch(() => undefined)
  const standIn = await startStandIn(script, objectsAt(moto.endpoint))
  const folder = freshFolder()
  cpSync(filled, join(folder, 'lake'), { recursive: true })
  const at = `{ endpoint: "${standIn.endpoint}", region: eu-central-1 }`
  writeFileSync(
    join(folder, 'loglake.yaml'),
    `lake: lake
model: { provider: bedrock, id: "${MODEL}", identity: ${at} }
destinations:
  topic: { type: sns, topic: "${topicArn}", identity: { endpoint: "${moto.endpoint}", region: eu-central-1 } }
analyze:
  own_roles: ["${WORKER}"]
  link: https://loglake.example.com/analyses/{run}
  batch: { role: "${ROLE}", place: "s3://analysis/loglake", poll_seconds: 1, identity: { region: eu-central-1 } }
`,
  )
  const args = ['analyze', '--since', SINCE, '--until', UNTIL, '--format', 'json', '--to', 'topic']
  const env = {
    ...moto.env,
    AWS_ENDPOINT_URL_BEDROCK: standIn.endpoint,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: standIn.endpoint,
  }
  const { code, out, err } = await loglake(args, { cwd: folder, env })
  await standIn.stop()
  expect(code, err).toBe(0)
  return { report: JSON.parse(out) as Report, standIn }
}

it('boto3 takes what the stand-in answers', async () => {
  const standIn = await startStandIn({ answer: () => ({ text: 'hello' }), least: 10 })
  try {
    const { stdout } = await promisify(execFile)(resolve('.venv/bin/python'), [
      'test/analyze/judge.py',
      standIn.endpoint,
    ])
    const found = JSON.parse(stdout)
    expect(found).toMatchObject({
      same: true,
      states: ['Submitted', 'Validating', 'InProgress', 'Completed'],
      total: 12,
      refused: 'ConflictException',
      missing: 'ResourceNotFoundException',
      listed: ['loglake-judge-1'],
      answer: 'hello',
      stop: 'end_turn',
    })
    expect(found.records).toHaveLength(12)
    expect(found.keys.some((key: string) => key.endsWith('/manifest.json.out'))).toBe(true)
    expect(found.quotas).toContain('Minimum number of records per batch inference job for Claude 3 Haiku')
  } finally {
    await standIn.stop()
  }
})

it('records and answers lie in S3, and the report comes out of a topic', async () => {
  const { arn, messages } = await topic('reports')
  const { report, standIn } = await analysed({ answer: careful, least: 10 }, arn)
  expect(standIn.jobs).toHaveLength(1)
  const evidence = new Set(report.findings.flatMap((one) => one.evidence.map(({ id }) => id)))
  for (const [call, id] of planted.incidents) expect(evidence, call).toContain(id)
  const [message, ...more] = await messages()
  expect(more).toEqual([])
  expect(message?.title).toMatch(/^Analysis of 2026-01-08/)
  expect((JSON.parse(message?.message ?? '') as Report).run).toBe(report.run)
})

it('a report that is longer than SNS takes goes as a link', async () => {
  const { arn, messages } = await topic('long-reports')
  const long = 'This was seen. '.repeat(38)
  const { report } = await analysed(
    {
      least: 10,
      answer: (asked) => {
        const handles = [...asked.text.matchAll(/"(e\d+) /g)].map(([, handle]) => handle)
        const findings = Array.from({ length: 20 }, (_, at) => ({
          severity: 'low',
          what: long,
          ids: handles.slice(at % handles.length),
        }))
        return { text: JSON.stringify({ findings, nothing_notable: false, sentences: [] }) }
      },
    },
    arn,
  )
  expect(JSON.stringify(report).length).toBeGreaterThan(262_144)
  const [message] = await messages()
  expect(message?.message).toContain(`https://loglake.example.com/analyses/${report.run}`)
})
