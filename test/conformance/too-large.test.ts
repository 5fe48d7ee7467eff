import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingest, lakeTables, localStorage, openLake, openQueryEngine, Unreadable } from 'loglake'
import { afterAll, expect, it } from 'vitest'
import type { Failure, LogObject } from '../../src/sources/contract.ts'

const root = mkdtempSync(join(tmpdir(), 'too-large-'))
afterAll(() => rmSync(root, { recursive: true }))
const lake = openLake(localStorage(join(root, 'lake')), lakeTables)

const MAX = 100_000
const bytes = new Uint8Array(MAX + 1).fill(120)
const done: string[] = []

/** As on S3: its bytes come over a network, or only the first of them. */
function remote(name: string, told: number, withHead = true): LogObject {
  return {
    kind: 'object',
    ...{ uri: `s3://b/${name}`, version: 'v', bytes: told, writtenMs: 0 },
    async read(_signal, max = Number.POSITIVE_INFINITY) {
      if (bytes.length > max) throw new Unreadable('too-large', `it has ${bytes.length} bytes`)
      throw new Error('nobody may read it')
    },
    ...(withHead
      ? {
          head: async (max: number) => ({
            ...{ bytes: bytes.slice(0, max), size: bytes.length, version: 'v', writtenMs: 0 },
            sha256: createHash('sha256').update(bytes).digest('hex'),
          }),
        }
      : {}),
    acknowledge: async () => void done.push(`${name} acknowledged`),
    release: async ({ outcome }: Failure) => void done.push(`${name} ${outcome}`),
  }
}

it('an object that is too large is rejected with its head, its length and its hash, whoever said how large it is', async () => {
  const source = {
    name: 's3',
    async *objects() {
      yield remote('told', bytes.length)
      yield remote('untold', 0)
      yield remote('headless', bytes.length, false)
    },
  }
  const account = await ingest(lake, source, { threads: 1, maxObjectBytes: MAX })
  expect(account.objects).toMatchObject({ listed: 3, rejected: 2, failed: 1 })
  expect(done.sort()).toEqual(['headless too-large', 'told acknowledged', 'untold acknowledged'])

  const queryEngine = await openQueryEngine(lake)
  const rows = async (question: string) => {
    const answer = await queryEngine.ask(question)
    const found = []
    for await (const row of answer.rows()) found.push(row)
    answer.close()
    return found
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(
    await rows(
      'select lake_object, outcome, bytes::int, sha256, records_read::int, records_rejected::int from ledger order by all',
    ),
  ).toEqual(['told', 'untold'].map((name) => [`s3://b/${name}`, 'rejected', bytes.length, sha256, 1, 1]))
  expect(
    await rows(
      'select code, octet_length(bytes)::int, size::int, sha256, count(*)::int from reject group by all',
    ),
  ).toEqual([['too-large', 65_536, bytes.length, sha256, 2]])
  queryEngine.close()
})

it('an object whose records name more bytes than fit is rejected, each body alone or all of them together', async () => {
  const place = (name: string) => `s3://b/AWSLogs/111122223333/BedrockModelInvocationLogs/${name}`
  const record = (names: readonly string[]) =>
    names.map((name, at) =>
      JSON.stringify({
        ...{ schemaType: 'ModelInvocationLog', schemaVersion: '1.0', timestamp: '2026-01-07T22:16:43Z' },
        ...{ accountId: '111122223333', region: 'us-east-1', requestId: `r${names.length}-${at}` },
        ...{ operation: 'InvokeModel', modelId: 'demo.model-v1:0' },
        input: { inputContentType: 'application/json', inputBodyS3Path: place(name) },
      }),
    )
  const body = (size: number) => Buffer.from(JSON.stringify({ prompt: 'x'.repeat(size) }))
  const object = (name: string, names: readonly string[], size: number): LogObject => ({
    kind: 'object',
    ...{ uri: place(name), version: 'v', bytes: 100, writtenMs: 0 },
    read: async () => ({
      ...{ bytes: new Uint8Array(Buffer.from(record(names).join('\n'))), version: 'v', writtenMs: 0 },
    }),
    overflowBody: async (_uri, max = Number.POSITIVE_INFINITY) => {
      if (body(size).length > max) throw new Unreadable('too-large', 'it is')
      return new Uint8Array(body(size))
    },
    acknowledge: async () => void done.push(`${name} acknowledged`),
    release: async ({ outcome }: Failure) => void done.push(`${name} ${outcome}`),
  })
  done.length = 0
  const source = {
    name: 's3',
    async *objects() {
      yield object('small.json', ['1_input.json', '2_input.json'], 100)
      yield object('many.json', ['3_input.json', '4_input.json', '5_input.json'], MAX / 2)
      yield object('one.json', ['6_input.json'], MAX)
    },
  }
  const account = await ingest(lake, source, { threads: 1, maxObjectBytes: MAX })
  expect(account.objects).toMatchObject({ listed: 3, stored: 1, rejected: 2, failed: 0 })
  expect(account.records).toMatchObject({ stored: 2, rejected: 2 })
  expect(done.sort()).toEqual(['many.json acknowledged', 'one.json acknowledged', 'small.json acknowledged'])
})
