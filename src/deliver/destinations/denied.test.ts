import { afterEach, expect, it, vi } from 'vitest'
import { type Got, type HttpReceiver, type Reply, startHttp } from '../../../test/receivers/http.ts'
import { destinations } from './index.ts'

let http: HttpReceiver | undefined
afterEach(async () => {
  vi.unstubAllEnvs()
  await http?.stop()
})

/** As AWS words a denial that does not name the permission. */
const SAID =
  'User: arn:aws:sts::111122223333:assumed-role/loglake/i-1 is not authorized to access this resource'
const json: Reply = [400, { __type: 'AccessDeniedException', message: SAID }]
const xml: Reply = [
  403,
  `<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>${SAID}</Message></Error></ErrorResponse>`,
  { 'content-type': 'text/xml' },
]

it.each<[string, object, string, Reply]>([
  ['sns', { topic: 'arn:aws:sns:eu-central-1:111122223333:findings' }, 'sns:Publish', xml],
  ['sqs', { queue: 'https://sqs.eu-central-1.amazonaws.com/111122223333/findings' }, 'sqs:SendMessage', json],
  ['eventbridge', { bus: 'security' }, 'events:PutEvents', json],
  ['firehose', { stream: 'siem' }, 'firehose:PutRecordBatch', json],
  ['cloudwatch-logs', { group: '/loglake/findings' }, 'logs:CreateLogStream', json],
  ['cloudwatch-logs', { group: '/loglake/findings' }, 'logs:PutLogEvents', json],
])('%s, with %j, tells that %s is denied', async (name, settings, action, reply) => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY')
  http = await startHttp()
  const [, wanted = ''] = action.split(':')
  const isAsked = ({ headers, body }: Got) =>
    [String(headers['x-amz-target']), body].some((one) => one.includes(wanted))
  http.reply = (got) => (isAsked(got) ? reply : [200, {}])
  const found = destinations.find((one) => one.name === name)
  const identity = { endpoint: http.url, region: 'eu-central-1' }
  const receiver = found?.open(found.settings.parse({ ...settings, identity }), { route: 'siem' })
  try {
    const time = Date.now() / 1000
    const batch = [{ id: 'finding/1', table: 'finding', time, text: '{"title":"a"}' }]
    const sending = receiver?.send(batch, new AbortController().signal)
    await expect(sending).rejects.toThrow(SAID)
    await expect(sending).rejects.toThrow(`"Action":"${action}"`)
    expect(http.got.some(isAsked)).toBe(true)
  } finally {
    await receiver?.close?.()
  }
})
