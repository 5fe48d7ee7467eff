import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, expect, it } from 'vitest'
import { freshFolder, loglake } from './program.ts'

/** Of an object that is broken somewhere, everything else is stored, and what is not says why. */

let made = 0
function event(): string {
  const eventID = `0a1b2c3d-0000-4000-8000-${String(made++).padStart(12, '0')}`
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', userName: 'bob', arn: 'arn:aws:iam::111122223333:user/bob' },
    eventTime: '2026-01-07T22:16:43Z',
    eventSource: 'ec2.amazonaws.com',
    eventName: 'DescribeInstances',
    awsRegion: 'us-east-1',
    eventID,
    eventType: 'AwsApiCall',
  })
}
const file = (...events: string[]) => `{"Records":[${events.join(',')}]}`
const torn = event().slice(0, 90)
const sound = gzipSync(file(event(), event()))
const damaged = gzipSync(file(event()))
damaged.writeUInt8((damaged.at(-5) as number) ^ 1, damaged.length - 5)

/** Objects, and how many of their records are stored and rejected. */
const OBJECTS: Record<string, [bytes: string | Uint8Array, stored: number, rejected: number]> = {
  'lines.jsonl': [[event(), torn, event(), 'START x', event()].join('\n'), 3, 2],
  'zeros.jsonl': [[event(), '\0'.repeat(4096), event()].join('\n'), 2, 1],
  'text-first.jsonl': [`# log opened\n${event()}\n`, 1, 1],
  'marks.json': [`\ufeff${event()}\r\n\ufeff${file(event())}`, 2, 0],
  'sequence.json': [`\x1e${event()}\n\x1e${torn}\x1e${event()}\n`, 2, 1],
  'brace.json': [`${event()}}\n${event()}`, 2, 1],
  'element.json': [file(event(), torn, event()), 2, 1],
  'kinds.json': [`${file(event(), event())}\n${event()}\n[${file(event())}]`, 4, 0],
  'unknown.json': ['[{"x":1},{"x":2},{"x":3}]', 0, 3],
  'behind.json.gz': [Buffer.concat([sound, Buffer.from('rubbish')]), 2, 1],
  'delimited.gz': [Buffer.concat([gzipSync(event()), Buffer.from('\n'), gzipSync(event())]), 2, 0],
  'zero-then-member.gz': [Buffer.concat([gzipSync(event()), Buffer.alloc(9), gzipSync(event())]), 2, 0],
  'cut.json.gz': [Buffer.concat([gzipSync(event()), sound.subarray(0, 14)]), 1, 1],
  'damaged.json.gz': [Buffer.concat([gzipSync(event()), damaged, gzipSync(event())]), 2, 1],
  'plain-and-gzip': [Buffer.concat([Buffer.from(`${event()}\n`), gzipSync(event())]), 2, 0],
  'utf-16.json': [Buffer.from(`\ufeff${file(event())}`, 'utf16le'), 1, 0],
  'archive.json': [Buffer.from('fd377a585a000004', 'hex'), 0, 1],
}

const folder = freshFolder()
const at = ['--lake', join(folder, 'lake')]
beforeAll(async () => {
  const logs = join(folder, 'logs')
  mkdirSync(logs)
  for (const [name, [bytes]] of Object.entries(OBJECTS)) writeFileSync(join(logs, name), bytes)
  const { code, err } = await loglake(['ingest', logs, ...at])
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

it('stores every sound record and rejects every bad piece', async () => {
  const columns =
    'lake_object, records_read, records_stored, records_repeated, records_skipped, records_rejected'
  const { out } = await loglake(['query', `select ${columns} from ledger`, ...at, '--format', 'ndjson'])
  const rows = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, string | number>)
  const found = rows.map((row) => {
    const [read, stored, rejected] = ['read', 'stored', 'rejected'].map((one) =>
      Number(row[`records_${one}`]),
    )
    expect(read).toBe((stored ?? 0) + (rejected ?? 0))
    return [String(row.lake_object).replace(/^.*\//, ''), [stored, rejected]]
  })
  const wanted = Object.entries(OBJECTS).map(([name, [, stored, rejected]]) => [name, [stored, rejected]])
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted))
})

it('adds up', async () => {
  const { code, out } = await loglake(['verify', '--objects', ...at])
  expect(out).toMatch(/all adds up/)
  expect(code).toBe(0)
})
