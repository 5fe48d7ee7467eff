import { afterAll, beforeAll, expect, it } from 'vitest'
import { type HttpReceiver, startHttp } from '../../../test/receivers/http.ts'
import { destinations } from './index.ts'

// Each denial of a destination in AWS names the permission that is missing, and who needs it.

const US = 'arn:aws:sts::111122223333:assumed-role/loglake-worker/i-1'
const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:findings'
const BUS = 'arn:aws:events:eu-central-1:111122223333:event-bus/security'
const QUEUE = 'arn:aws:sqs:eu-central-1:111122223333:findings'
const STREAM = 'arn:aws:firehose:eu-central-1:111122223333:deliverystream/siem'
const GROUP = 'arn:aws:logs:eu-central-1:111122223333:log-group:/loglake/findings:log-stream:siem'

let http: HttpReceiver
beforeAll(async () => {
  http = await startHttp()
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE000000000',
    AWS_SECRET_ACCESS_KEY: 'not-a-secret',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
  })
})
afterAll(() => http.stop())

/** What is thrown when a destination sends a row and an operation of AWS is denied. Thrown: no row is given up for it. */
async function deniedBy(name: string, settings: object, operation: RegExp, message: string): Promise<string> {
  http.reply = ({ method, headers, body }) => {
    if (!operation.test(`${method} ${headers['x-amz-target']} ${body}`)) return [200, {}]
    const type = 'AccessDeniedException'
    const xml = { 'content-type': 'text/xml' }
    if (method === 'PUT')
      return [403, `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`, xml]
    if (!body.startsWith('Action='))
      return [400, { __type: type, message }, { 'content-type': 'application/x-amz-json-1.1' }]
    const error = `<Error><Type>Sender</Type><Code>${type}</Code><Message>${message}</Message></Error>`
    return [403, `<ErrorResponse>${error}</ErrorResponse>`, xml]
  }
  const found = destinations.find((one) => one.name === name)
  if (!found) throw new Error(name)
  const identity = { endpoint: http.url, region: 'eu-central-1' }
  const receiver = found.open(found.settings.parse({ ...settings, identity }), { route: 'siem' })
  const row = {
    id: 'finding/1',
    table: 'finding',
    time: Date.now() / 1000,
    text: '{"class_uid":2004,"title":"a finding"}',
  }
  try {
    await receiver.send([row], new AbortController().signal)
    return 'it was allowed'
  } catch (thrown) {
    return (thrown as Error).message
  } finally {
    await receiver.close?.()
  }
}

const SECURITY_LAKE = { bucket: 'example-lake', source: 'loglake', region: 'eu-central-1' }
const SQS = { queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/findings' }
it.each<[string, object, RegExp, string, string]>([
  ['sns', { topic: TOPIC }, /PublishBatch/, 'sns:Publish', TOPIC],
  ['sqs', SQS, /SendMessageBatch/, 'sqs:SendMessage', QUEUE],
  ['firehose', { stream: 'siem' }, /PutRecordBatch/, 'firehose:PutRecordBatch', STREAM],
  ['eventbridge', { bus: BUS }, /PutEvents/, 'events:PutEvents', BUS],
  ['cloudwatch-logs', { group: '/loglake/findings' }, /CreateLogStream/, 'logs:CreateLogStream', GROUP],
  ['cloudwatch-logs', { group: '/loglake/findings' }, /PutLogEvents/, 'logs:PutLogEvents', GROUP],
])('%s: %j, denied at %s: %s is told', async (name, settings, operation, action, resource) => {
  const because = `because no identity-based policy allows the ${action} action`
  const told = await deniedBy(
    ...([name, settings, operation] as const),
    `User: ${US} is not authorized to perform: ${action} on resource: ${resource} ${because}`,
  )
  expect(told).toContain(`; way out: allow ${action} on ${resource} to ${US}: `)
  expect(JSON.parse(/\{.*\}/.exec(told)?.[0] ?? '{}')).toEqual({
    Effect: 'Allow',
    Action: action,
    Resource: resource,
  })
})

it.each<[string, object, RegExp, string]>([
  ['firehose', { stream: 'siem' }, /PutRecordBatch/, 'firehose:PutRecordBatch'],
  ['eventbridge', { bus: BUS }, /PutEvents/, 'events:PutEvents'],
  ['cloudwatch-logs', { group: '/loglake/findings' }, /PutLogEvents/, 'logs:PutLogEvents'],
  ['s3', { bucket: 'example-siem' }, /^PUT/, 's3:PutObject on arn:aws:s3:::example-siem/loglake/*'],
  ['security-lake', SECURITY_LAKE, /^PUT/, 's3:PutObject on arn:aws:s3:::example-lake/ext/loglake-*'],
])('%s: %j, denied at %s without a reason: %s is told', async (...asked) => {
  const [name, settings, operation, action] = asked
  const told = await deniedBy(name, settings, operation, 'Access denied')
  expect(told).toContain(`way out: allow ${action} `)
})
