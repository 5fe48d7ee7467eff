import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import { freshFolder, loglake } from './program.ts'

// What one object, or one run, may hold without taking more memory than there is.
const folder = freshFolder()
let count = 0

function event(time: string, more: object = {}): string {
  count++
  return JSON.stringify({
    eventVersion: '1.11',
    eventTime: time,
    eventSource: 'sts.amazonaws.com',
    eventName: 'GetCallerIdentity',
    awsRegion: 'eu-central-1',
    sourceIPAddress: '192.0.2.7',
    userAgent: 'aws-cli/2.31',
    eventID: `5e1b2c3d-0000-4000-8000-${String(count).padStart(12, '0')}`,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
    ...more,
  })
}

function put(name: string, ...parts: (string | Buffer)[]): void {
  const file = join(folder, name)
  mkdirSync(dirname(file), { recursive: true })
  const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)))
  writeFileSync(file, name.endsWith('.gz') ? gzipSync(bytes, { level: 1 }) : bytes)
}

const day = (first: string, plus: number) =>
  new Date(Date.parse(first) + plus * 86_400_000).toISOString().slice(0, 10)

async function asked(lake: string, sql: string): Promise<unknown[]> {
  const { out, err, code } = await loglake(['query', sql, '--lake', join(folder, lake), '--format', 'json'])
  expect([code, err]).toEqual([0, ''])
  return JSON.parse(out) as unknown[]
}

async function ingested(name: string, ...more: string[]): Promise<void> {
  const { code, err } = await loglake([
    'ingest',
    join(folder, name),
    '--lake',
    join(folder, `${name}-lake`),
    ...more,
  ])
  expect([code, code === 0 ? '' : err]).toEqual([0, ''])
  const verified = await loglake(['verify', '--lake', join(folder, `${name}-lake`)])
  expect([verified.code, verified.err]).toEqual([0, ''])
}

describe('many days', () => {
  beforeAll(() => {
    for (let file = 0; file < 200; file++) {
      const date = day('2023-01-01', file)
      const path = `AWSLogs/111122223333/CloudTrail/eu-central-1/${date.replaceAll('-', '/')}`
      const name = `111122223333_CloudTrail_eu-central-1_${date.replaceAll('-', '')}T0005Z_${file}.json.gz`
      // Its first event is of the day before, as in files that are written behind midnight.
      const events = [
        event(`${day(date, -1)}T23:59:58Z`),
        event(`${date}T00:00:01Z`),
        event(`${date}T10:00:00Z`),
      ]
      put(`trail/${path}/${name}`, `{"Records":[${events.join(',')}]}`)
    }
    const all = Array.from({ length: 300 }, (_, plus) => event(`${day('2020-01-01', plus)}T12:00:00Z`))
    const odd = all.map((one, index) => (index % 100 === 0 ? `${one.slice(0, -1)},"unknown":1}` : one))
    put('object/columns.json', `{"Records":[${all.join(',')}]}`)
    put('object/json.json', odd.map((one) => one.replaceAll('5e1b2c3d', '6e1b2c3d')).join('\n'))
  })

  test('of a trail, one file a day, come in under little memory', async () => {
    await ingested('trail', '--memory', '384MiB')
    expect(
      await asked(
        'trail-lake',
        `select count(*)::int as rows, count(distinct lake_day)::int as days,
           count_if(lake_day <> eventtime::date)::int as wrong from cloudtrail`,
      ),
    ).toEqual([{ rows: 600, days: 201, wrong: 0 }])
  }, 240_000)

  test('of one object come in, as columns and as JSON', async () => {
    await ingested('object', '--memory', '384MiB')
    expect(
      await asked(
        'object-lake',
        `select count(*)::int as rows, count(distinct lake_day)::int as days, count(unmapped)::int as unmapped,
           count_if(lake_day <> eventtime::date)::int as wrong from cloudtrail`,
      ),
    ).toEqual([{ rows: 600, days: 300, unmapped: 3, wrong: 0 }])
  }, 240_000)
})

test('a record that is too long, one too deep and thousands that are none leave the others as they are', async () => {
  put('good/good.json', event('2026-01-07T10:00:00Z'))
  const first = event('2026-01-07T10:00:01Z')
  const long = Buffer.alloc(40_000_000, 'x')
  put('good/long.json.gz', `{"Records":[${first},${first.slice(0, -1)},"x":"`, long, `"}]}`)
  const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`
  const second = event('2026-01-07T10:00:02Z')
  const known = second.slice(0, -1)
  put('good/deep.json', `{"Records":[${second},${known},"x":${deep}},${known},"requestParameters":${deep}}]}`)
  put('good/tiny.json.gz', `{"Records":[${event('2026-01-07T10:00:03Z')}${',{}'.repeat(5000)}]}`)
  put('good/junk.json', `{"Records":[${event('2026-01-07T10:00:04Z')},@`, Buffer.alloc(20_000_000, 'x'))
  await ingested('good')
  expect(await asked('good-lake', 'select count(*)::int as rows from cloudtrail')).toEqual([{ rows: 5 }])
  expect(
    await asked(
      'good-lake',
      `select code, count(*)::int as rows, sum(records)::int as records, max(octet_length(bytes))::int as kept,
         max(size)::int as size, count(sha256)::int as hashes from reject group by code order by code`,
    ),
  ).toEqual([
    { code: 'not-json', rows: 1, records: 1, kept: 65_536, size: 20_000_001, hashes: 1 },
    { code: 'too-deep', rows: 2, records: 2, kept: expect.any(Number), size: expect.any(Number), hashes: 2 },
    { code: 'too-large', rows: 1, records: 1, kept: 65_536, size: expect.any(Number), hashes: 1 },
    { code: 'unknown-log-type', rows: 1001, records: 5000, kept: 2, size: 8000, hashes: 1001 },
  ])
}, 240_000)

describe('an object of millions of records that are none takes little memory, and what is beside it is stored', () => {
  const FORMS = {
    'a list of empty records': {
      head: (event: string) => `{"Records":[${event}`,
      line: ',{}',
      tail: ']}',
      lines: 6_000_000,
      rejected: 6_000_000,
    },
    'tiny records': { line: '{"a":1}\n', lines: 2_000_000, rejected: 2_000_000 },
    'broken records': { line: '{a}\n', lines: 1_000_000, rejected: 1_000_000 },
    // Behind a hundred lines the others are one piece.
    text: { line: 'some text that is none\n', lines: 1_000_000, rejected: 101 },
  }
  test.each(Object.entries(FORMS))(
    '%s',
    async (name, { line, lines, rejected, ...around }) => {
      const place = `lines-${name.replaceAll(' ', '-')}`
      const { head, tail } = 'head' in around ? around : { head: (event: string) => `${event}\n`, tail: '' }
      put(`${place}/good.json`, event('2026-01-07T10:00:00Z'))
      put(`${place}/lines.json`, head(event('2026-01-07T10:00:01Z')), line.repeat(lines), tail)
      const lake = ['--lake', join(folder, `${place}-lake`)]
      let peak = () => 0
      const { code, err } = await loglake(['ingest', join(folder, place), ...lake], {
        started: ({ pid }) => {
          peak = highestMemory(pid as number)
        },
      })
      expect([code, code === 0 ? '' : err]).toEqual([0, ''])
      expect(peak()).toBeGreaterThan(50)
      expect(peak()).toBeLessThan(MAX_MIB)
      expect(
        await asked(
          `${place}-lake`,
          `select (select count(*)::int from cloudtrail) as stored, count(*)::int as rows,
             sum(records)::int as rejected from reject`,
        ),
      ).toEqual([{ stored: 2, rows: Math.min(rejected, 1001), rejected }])
    },
    240_000,
  )
})

/** What such a run took once was twice as much. */
const MAX_MIB = 560

/** Reads how much memory a process has had at most, in MiB, as long as it is there. */
function highestMemory(pid: number): () => number {
  let max = 0
  const look = setInterval(() => {
    try {
      const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
      max = Math.max(max, Number(kib ?? 0) / 1024)
    } catch {
      clearInterval(look)
    }
  }, 50)
  look.unref()
  return () => {
    clearInterval(look)
    return max
  }
}

test('JSON in texts, nested 100,000 deep, ends no process and loses nothing', async () => {
  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
  const list = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  const logs = (messages: string[]) =>
    JSON.stringify({
      messageType: 'DATA_MESSAGE',
      owner: '111122223333',
      logGroup: '/app/x',
      logStream: 's',
      subscriptionFilters: ['f'],
      logEvents: messages.map((message, index) => ({
        id: String(index).padStart(56, '3'),
        timestamp: 1_767_780_000_000 + index,
        message,
      })),
    })
  const call = (index: number, body: unknown) =>
    JSON.stringify({
      schemaType: 'ModelInvocationLog',
      schemaVersion: '1.0',
      timestamp: '2026-01-07T10:00:00Z',
      accountId: '111122223333',
      region: 'eu-central-1',
      requestId: `7e1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`,
      operation: 'InvokeModel',
      modelId: 'anthropic.claude-v2',
      input: { inputContentType: 'application/json', inputBodyJson: body, inputTokenCount: 1 },
      output: { outputContentType: 'application/json', outputBodyJson: body, outputTokenCount: 1 },
    })
  const captured = (index: number, data: string) => ({
    captureData: {
      endpointInput: { observedContentType: 'application/json', mode: 'INPUT', data, encoding: 'BASE64' },
      endpointOutput: { observedContentType: 'application/json', mode: 'OUTPUT', data, encoding: 'BASE64' },
    },
    eventMetadata: {
      eventId: `8e1b2c3d-0000-4000-8000-${String(index).padStart(12, '0')}`,
      inferenceTime: '2026-01-07T10:00:00Z',
    },
    eventVersion: '0',
  })
  put('inside/good.json', event('2026-01-07T10:00:00Z'))
  put('inside/logs.json.gz', logs(['first', deep, list, 'last']))
  put('inside/calls.json', [deep, list, { messages: deep }].map((body, at) => call(at, body)).join('\n'))
  const bodies = [deep, list, '{}'].map((text) => Buffer.from(text).toString('base64'))
  put('inside/captured.jsonl', bodies.map((text, at) => JSON.stringify(captured(at, text))).join('\n'))
  await ingested('inside')
  expect(
    await asked(
      'inside-lake',
      `select (select count(*)::int from cloudtrail) as events, (select count(*)::int from cloudwatch_log) as logs,
         (select count(*)::int from bedrock_invocation) as calls,
         (select count(*)::int from sagemaker_invocation) as captured,
         (select coalesce(sum(records), 0)::int from reject) as rejected`,
    ),
  ).toEqual([{ events: 1, logs: 4, calls: 3, captured: 3, rejected: 0 }])
}, 240_000)
