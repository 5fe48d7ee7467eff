import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compact } from '../../src/lake/compact.ts'
import { openQueryEngine } from '../../src/query/question.ts'
import { type Opened, openLocation } from '../../src/workspace/open.ts'
import { loglake } from '../e2e/program.ts'
import { alike, ownRows, written } from './same.ts'

/** Spark over the Iceberg REST catalog of `loglake serve`, with the settings that docs/engines.md gives. */

interface Told {
  tables: Record<string, { columns: string[]; rows: (string | null)[][] }>
  refused: Record<string, string | null>
  then: number
  now: number
}

const root = mkdtempSync(join(tmpdir(), 'rest-'))
const place = join(root, 'lake')
let opened: Opened
let server: ChildProcess
let told: Told

beforeAll(async () => {
  for (const args of [
    ['demo', '--no-serve'],
    ['follow', '--once'],
  ])
    expect((await loglake([...args, '--lake', place])).code).toBe(0)
  opened = openLocation({ lake: place })
  await compact(opened.lake, {})
  const program = fileURLToPath(new URL('../../dist/cli/loglake.cjs', import.meta.url))
  server = spawn(process.execPath, [program, 'serve', '--port', '0', '--lake', place])
  const [said] = (await once(server.stdout as NodeJS.ReadableStream, 'data')) as [Buffer]
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(said.toString())?.[0]
  told = await spark(settings().replace('https://loglake.example.com', String(url)))
}, 600_000)
afterAll(async () => {
  if (server?.kill('SIGTERM')) await once(server, 'exit')
  rmSync(root, { recursive: true, force: true })
})

/** What the docs say, without a token: on this machine alone, nobody signs in. */
function settings(): string {
  const page = readFileSync(new URL('../../docs/engines.md', import.meta.url), 'utf8')
  const block = /^Spark:\n\n```\n([^`]+)```/m.exec(page)?.[1] ?? ''
  const lines = block.trim().split('\n')
  expect(lines.map((line) => line.split(/\s+/)[0])).toContain('spark.sql.catalog.loglake.uri')
  return lines.filter((line) => !line.includes('.token') && !line.includes('s3')).join('\n')
}

async function spark(lines: string): Promise<Told> {
  const child = spawn(resolve('.venv/bin/python'), ['rest_spark.py'], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.end(lines)
  const parts: Buffer[] = []
  child.stdout.on('data', (part) => parts.push(part))
  const [code] = await once(child, 'close')
  expect(code).toBe(0)
  return JSON.parse(Buffer.concat(parts).toString()) as Told
}

test('every row of every table is there as our own engine has it', async () => {
  const { catalog } = await opened.lake.newest()
  expect(Object.keys(told.tables).sort()).toEqual(Object.keys(catalog.tables).sort())
  const queryEngine = await openQueryEngine(opened.lake)
  try {
    for (const [name, { columns, rows }] of Object.entries(told.tables)) {
      const own = await ownRows(
        queryEngine,
        `select ${columns.map((one) => `"${one}"`).join(', ')} from ${name}`,
      )
      const theirs = rows.map((row) => row.map(written))
      alike(name, own, theirs)
    }
  } finally {
    queryEngine.close()
  }
})

test('what would write is refused, and earlier versions are read', () => {
  for (const [statement, why] of Object.entries(told.refused))
    expect(why, statement).toEqual(expect.any(String))
  expect(told.now).toBe(4015)
  expect(told.then).toBeLessThanOrEqual(told.now)
})
