import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, loglake } from './program.ts'

const folder = freshFolder()
const object = join(folder, 'in', '111122223333_CloudTrail_us-east-1_20260107T2220Z_x.json.gz')
const event = (id: string, request: string, more: string) =>
  `{ "eventVersion":"1.11","eventTime":"2026-01-07T22:16:43Z","eventSource":"s3.amazonaws.com","eventName":"PutObject",` +
  `"awsRegion":"us-east-1","eventID":"${id}","requestID":"${request}","recipientAccountId":"111122223333"${more}}`
// What a double does not hold, and what a terminal would obey.
const second = event(
  'b2',
  'r2',
  ',"requestParameters":{"size":12345678901234567890,"key":"a\u202eb"},"unheardOf":98765432109876543210',
)
const run = (...args: string[]) => loglake([...args, '--lake', 'lake'], { cwd: folder })

beforeAll(async () => {
  mkdirSync(join(folder, 'in'))
  writeFileSync(object, gzipSync(`{"Records":[${event('a1', 'r1', '')},\n${second}]}`))
  expect((await run('ingest', 'in')).code).toBe(0)
}, 60_000)

describe('a record whose object is there', () => {
  it('is printed as it was delivered, with its place', async () => {
    const { code, out, err } = await run('record', 'b2')
    expect([code, out]).toEqual([0, `${second.replace('\u202e', '\\u202e')}\n`])
    expect(err).toBe(`cloudtrail, ${object}, record 1\n`)
  })

  it('is there to the letter for a program', async () => {
    expect((await run('record', 'b2', '--raw')).out).toBe(second)
    const [told] = JSON.parse((await run('record', 'b2', '--format', 'json')).out)
    expect(told).toEqual({ table: 'cloudtrail', object, position: 1, rebuilt: null, record: second })
  })

  it('is found by its request id, too, which is said', async () => {
    const { out, err } = await run('record', 'r1')
    expect(out).toBe(`${event('a1', 'r1', '')}\n`)
    expect(err).toContain('no record has that id; one has it as request id\n')
  })

  it('of an id that is not there, there is none', async () => {
    const { code, err } = await run('record', 'c3')
    expect([code, err]).toEqual([2, expect.stringContaining('no record has the id c3')])
  })
})

describe('a record whose object is not what it was', () => {
  it.each([
    [
      'overwritten',
      () => writeFileSync(object, gzipSync(`{"Records":[${event('b2', 'r2', '')}]}`)),
      'other bytes lie in its place now',
    ],
    ['gone', () => rmSync(object), 'no such file'],
  ])('is rebuilt with every digit when it is %s', async (_, change, reason) => {
    change()
    const { code, out, err } = await run('record', 'b2')
    expect(code).toBe(0)
    expect(err).toMatch(/^rebuilt from its row: /m)
    expect(err.toLowerCase()).toContain(reason)
    expect(out).toContain('12345678901234567890')
    expect(out).toContain('98765432109876543210')
    expect(JSON.parse(out)).toEqual(JSON.parse(second))
  })
})
