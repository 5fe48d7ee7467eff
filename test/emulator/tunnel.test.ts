import { writeFileSync } from 'node:fs'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loglake } from '../e2e/program.ts'
import { makeObjects } from '../faults/objects.ts'
import { makeCertificates } from '../receivers/certificates.ts'
import { type ConnectProxy, startConnectProxy } from '../receivers/connect-proxy.ts'
import { boto } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { freshFolder, IN_REGION, puts } from './world.ts'

/**
 * A network whose only way out is a proxy: AWS has a name that nobody else can resolve, and a certificate. Behind the proxy is moto.
 */
const AWS = 'https://localhost'
let moto: Moto
let tls: Server
let proxy: ConnectProxy
const folder = freshFolder('tunnel')
beforeAll(async () => {
  moto = await startMoto()
  const certificates = makeCertificates()
  const { port, hostname } = new URL(moto.endpoint)
  tls = createServer(certificates.server, (socket) => {
    const behind = connect(Number(port), hostname)
    socket.pipe(behind).pipe(socket)
    socket.on('error', () => behind.destroy())
    behind.on('error', () => socket.destroy())
  })
  await new Promise<void>((done) => tls.listen(0, '127.0.0.1', done))
  const at = { host: '127.0.0.1', port: (tls.address() as AddressInfo).port }
  proxy = await startConnectProxy(() => at)
  writeFileSync(join(folder, 'ca.pem'), certificates.ca)
})
afterAll(async () => {
  await proxy.stop()
  tls.close()
  await moto.stop()
})

it('the sources, the lake and every destination of AWS go through the proxy', async () => {
  const [{ QueueUrl }, { TopicArn }] = await boto(moto, [
    ['sqs', 'create_queue', { QueueName: 'out' }],
    ['sns', 'create_topic', { Name: 'out' }],
    ['events', 'create_event_bus', { Name: 'out' }],
    ['logs', 'create_log_group', { logGroupName: '/out' }],
    ['s3', 'create_bucket', { Bucket: 'logs-in', ...IN_REGION }],
    ['s3', 'create_bucket', { Bucket: 'logs-out', ...IN_REGION }],
    [
      'firehose',
      'create_delivery_stream',
      {
        DeliveryStreamName: 'out',
        ExtendedS3DestinationConfiguration: {
          RoleARN: 'arn:aws:iam::123456789012:role/x',
          BucketARN: 'arn:aws:s3:::logs-out',
          Prefix: 'firehose/',
        },
      },
    ],
  ])
  const truth = makeObjects(join(folder, 'objects'), { objects: 2, seed: 1, sound: true })
  const rows = truth.ids.size + truth.nameless
  await boto(moto, puts('logs-in', truth.files))
  const identity = { endpoint: AWS, region: 'eu-central-1', role_arn: 'arn:aws:iam::123456789012:role/x' }
  const destinations = {
    bucket: { type: 's3', bucket: 'logs-out', prefix: 's3/', identity },
    queue: { type: 'sqs', queue: String(QueueUrl), identity },
    topic: { type: 'sns', topic: TopicArn, identity },
    bus: { type: 'eventbridge', bus: 'out', identity },
    group: { type: 'cloudwatch-logs', group: '/out', time: 'now', identity },
    stream: { type: 'firehose', stream: 'out', identity },
  }
  const route = { table: 'cloudtrail', policy: 'full', from: 'start' }
  const routes = Object.fromEntries(Object.keys(destinations).map((to) => [to, { ...route, to }]))
  // JSON is YAML.
  writeFileSync(
    join(folder, 'loglake.yaml'),
    JSON.stringify({ lake: 's3://logs-in/lake', storage: { identity }, destinations, routes }),
  )
  const env = {
    ...moto.env,
    HTTPS_PROXY: proxy.url,
    NO_PROXY: '',
    NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
  }
  const run = async (...args: string[]) => {
    const { code, out, err } = await loglake(args, { cwd: folder, env })
    expect(code, err).toBe(0)
    return out
  }
  await run('ingest', 's3://logs-in/AWSLogs/')
  await run('deliver', '--once')
  const answer = await run('query', 'select count(*)::int as n from cloudtrail', '--format', 'json')
  expect(JSON.parse(answer)).toEqual([{ n: rows }])
  const [{ Contents }, { events }] = await boto(moto, [
    ['s3', 'list_objects_v2', { Bucket: 'logs-out' }],
    ['logs', 'filter_log_events', { logGroupName: '/out' }],
  ])
  expect(new Set(Contents.map(({ Key }: { Key: string }) => Key.split('/')[0]))).toEqual(
    new Set(['s3', 'firehose']),
  )
  expect(events).toHaveLength(rows)
  const [{ Attributes }] = await boto(moto, [
    ['sqs', 'get_queue_attributes', { QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }],
  ])
  expect(Attributes.ApproximateNumberOfMessages).toBe(String(rows))
  expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set(['localhost:443']))
})
