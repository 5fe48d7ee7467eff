import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { eventOf } from '../faults/objects.ts'

/** Texts that readers differ about: beyond 16 bits, without a successor, right-to-left, with a NUL, long. */
export const TEXTS = [
  '',
  'Zoë 日本語 👩‍🚀',
  '\u{10ffff}'.repeat(20),
  'é'.repeat(15) + '😀'.repeat(3),
  'it\'s "quoted", \\ and \r\n\t\u0001',
  'a\u0000b',
  '\u202egnp.exe',
  '￿'.repeat(17),
  '9'.repeat(5000),
]

/** Moments at the ends of what CloudTrail's text can say, around 1970 and around the calendar's change. */
export const TIMESTAMPS = [
  '0001-01-01T00:00:00Z',
  '1582-10-04T23:59:59Z',
  '1582-10-15T00:00:00Z',
  '1899-12-31T23:59:59Z',
  '1969-12-31T23:59:59.999999Z',
  '1970-01-01T00:00:00Z',
  '2026-01-07T22:16:43.123456Z',
  '2026-01-08T00:30:00+02:00',
  '9999-12-31T23:59:59Z',
]

/** Writes two CloudTrail files of events that are hard to write down, each event in both. */
export function makeHostile(dir: string): void {
  const texts = TEXTS.map((text, place) => ({
    ...eventOf(`text-${place}`, place),
    eventName: text,
    userIdentity: { type: 'AssumedRole', arn: text, accessKeyId: text, userName: null },
    requestParameters: { [text]: text, nested: [{ deep: [null, true, 1.5, -0, 1e300, text] }] },
    responseElements: null,
    readOnly: place % 2 === 0,
    managementEvent: place % 3 === 0 ? true : null,
    somethingNew: { text },
  }))
  const timestamps = TIMESTAMPS.map((eventTime, place) => ({
    ...eventOf(`moment-${place}`, place),
    eventTime,
    eventName: 'Moment',
    resources: [{ ARN: 'arn:aws:s3:::bucket', type: 'AWS::S3::Object' }],
  }))
  const nameless = { ...eventOf(undefined, 3), eventName: 'Nameless', recipientAccountId: '000000000000' }
  for (const [part, records] of [
    [...texts, ...timestamps, nameless],
    [...timestamps, ...texts],
  ].entries()) {
    const path = join(dir, `AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01/09/hostile-${part}.json.gz`)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, gzipSync(JSON.stringify({ Records: records })))
  }
  // One record of three cannot be read: what it holds is kept as bytes.
  const broken = Buffer.concat([
    Buffer.from(`{"Records":[${JSON.stringify(eventOf('sound-1', 1))},{"eventVersion":"1.11","eventTime":"`),
    Buffer.from([0x00, 0xff, 0xfe, 0x80]),
    Buffer.from(`"},${JSON.stringify(eventOf('sound-2', 2))}]}`),
  ])
  writeFileSync(join(dir, 'broken Zoë.json'), broken)
}
