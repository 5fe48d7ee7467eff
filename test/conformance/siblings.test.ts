import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingest } from 'loglake'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import type { Check } from '../../src/account/doctor/contract.ts'
import { type Operation, operation } from '../../src/api/contract.ts'
import type { Destination } from '../../src/deliver/contract.ts'
import { each, type Shape } from '../../src/deliver/shapes/contract.ts'
import type { Rule } from '../../src/detect/contract.ts'
import type { DetectorKind } from '../../src/detect/turn.ts'
import type { Envelope } from '../../src/envelopes/contract.ts'
import { section } from '../../src/lib/settings.ts'
import type { LogType } from '../../src/logtypes/contract.ts'
import type { Scanner } from '../../src/scan/contract.ts'
import type { SourceKind } from '../../src/sources/contract.ts'
import { setupWith, told } from '../account/setups.ts'

/**
 * A new log type, envelope, source, destination, shape, detector, operation, scanner or check of the doctor is one object and
 * one line in its list; a new rule is one file. Each list gets a made-up member here, before anything that reads the list is
 * loaded; no other file knows of it, and all of the program works with it. `followers.test.ts` has the same for a follower.
 */

const greeting: LogType = {
  kind: 'prepared',
  name: 'greeting',
  doc: 'One row per greeting.',
  columns: [
    { name: 'id', type: 'string', doc: 'The greeting.', path: 'greeting.id', holds: 'key' },
    { name: 'time', type: 'timestamptz', doc: 'When it was said.', path: 'greeting.at' },
    { name: 'words', type: 'string', doc: 'What was said.', path: 'greeting.words', holds: 'outside' },
  ],
  id: 'id',
  time: 'time',
  sort: ['time'],
  recognise: ({ record }) => record !== undefined && 'greeting' in record,
  prepare({ record }) {
    const { id, at, words } = Object(record?.greeting) as Record<string, string>
    return { kind: 'row', row: { id, time: at?.replace('Z', '.000000Z'), words } }
  },
  queries: new URL('./', import.meta.url),
}

/** The record of CloudTrail that the made-up source holds. */
const RECORD = {
  eventVersion: '1.11',
  userIdentity: { type: 'IAMUser', userName: 'ada' },
  eventTime: '2026-01-07T22:16:43Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'us-east-1',
  eventID: '0e5a41d0-0000-4000-8000-000000000001',
  eventCategory: 'Management',
  recipientAccountId: '111122223333',
}

const drawer: SourceKind<{ label: string }> = {
  name: 'drawer',
  doc: 'One object that is always there.',
  settings: section({ label: z.string().describe('The name of its object.') }, 'One object.'),
  example: { label: 'top' },
  open: ({ label }, { name }) => ({
    name,
    async *objects() {
      const bytes = Buffer.from(JSON.stringify({ Records: [RECORD] }))
      const known = { version: '1', writtenMs: 1 }
      const uri = `/drawer/${label}.json`
      yield {
        kind: 'object',
        uri,
        bytes: bytes.length,
        ...known,
        read: async () => ({ bytes, ...known }),
        acknowledge: async () => undefined,
      }
    },
  }),
}

/** Records between angle brackets, which no service writes. */
const bracketed: Envelope = {
  name: 'bracketed',
  doc: 'One record between angle brackets.',
  open: (bytes) =>
    bytes[0] === '<'.charCodeAt(0)
      ? { kind: 'records', records: Buffer.from(`[${Buffer.from(bytes.subarray(1, -1)).toString()}]`) }
      : undefined,
}

const tea: Check = {
  name: 'tea',
  group: 'This machine',
  title: 'There is tea',
  doc: 'Looks for tea.',
  permissions: [],
  mends: 'Make some.',
  run: async () => [{ state: 'not', says: 'there is none', fix: { does: 'makes tea', commands: ['brew'] } }],
}

const RULE = `title: A read by Ada
id: 22222222-0000-4000-8000-00000000abcd
status: test
logsource: {product: aws, service: cloudtrail}
detection:
  selection: {eventName: GetObject, userIdentity.userName: ada}
  condition: selection
level: low
`

const shout: Shape = {
  name: 'shout',
  doc: 'The name of the event in capitals.',
  whyNot: () => undefined,
  open: async () => each(({ eventname }) => ({ shout: String(eventname).toUpperCase() })),
}

const sent: string[] = []
const shelf: Destination<{ mark: string }> = {
  name: 'shelf',
  doc: 'Keeps what it is sent.',
  settings: section({ mark: z.string().describe('What comes before each text.') }, 'Keeps texts.'),
  example: 'mark: a',
  open: ({ mark }) => ({
    max: { deliveries: 10, bytes: 1 << 20 },
    async send(batch) {
      sent.push(...batch.map(({ text }) => `${mark}${text}`))
      return { refused: [] }
    },
  }),
}

const anyRead: Rule = {
  id: '11111111-0000-4000-8000-00000000abcd',
  name: 'any_read',
  version: '1',
  title: 'An object was read',
  level: 'low',
  status: 'test',
  logsources: [],
  tables: ['cloudtrail'],
  references: [],
  falsepositives: [],
  tags: [],
  attack: [],
  atlas: [],
  owasp: [],
  fields: [],
  reports: true,
  origin: { file: 'any_read.yaml', line: 1 },
}

const reads: DetectorKind = {
  name: 'reads',
  doc: 'Finds every object that was read.',
  rules: () => [anyRead],
  open: () => ({
    name: 'reads',
    doc: reads.doc,
    rules: [anyRead],
    needs: ['cloudtrail'],
    async *find({ added, engine }) {
      const from = added.get('cloudtrail')
      const rows = await engine.rows(`select eventid from ${from} where eventname = 'GetObject'`)
      for (const [id] of rows) {
        const row = { table: 'cloudtrail', id: String(id), time: '2026-01-07T22:16:43.000000Z' }
        yield {
          rule: anyRead,
          time: row.time,
          table: row.table,
          rows: [row],
          count: 1,
          key: row.id,
          matched: [],
        }
      }
    },
  }),
}

const hello: Operation = operation({
  name: 'hello',
  doc: 'Says hello.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  input: z.object({ to: z.string() }),
  output: z.object({ words: z.string() }),
  may: ({ role }) => role === 'operator',
  run: async ({ to }) => ({ kind: 'json', value: { words: `hello ${to}` } }),
})

const gnomes: Scanner = {
  name: 'gnomes',
  kind: 'personal',
  version: '1',
  doc: 'Finds gnomes.',
  roles: ['user'],
  rules: [{ id: 'GNOME', doc: 'The word gnome.' }],
  scan: (text) =>
    [...text.matchAll(/gnome/g)].map(({ index }) => ({
      from: index,
      to: index + 5,
      kind: 'personal',
      rule: 'GNOME',
      score: 1,
      scanner: 'gnomes',
      version: '1',
    })),
}

/** Puts a line into a list, as an editor would. */
function add<T>(list: readonly T[], member: unknown): void {
  ;(list as T[]).push(member as T)
}

const { logTypes } = await import('../../src/logtypes/index.ts')
add(logTypes, greeting)
const { envelopes } = await import('../../src/envelopes/index.ts')
// The envelopes are tried in order, and a later one takes whatever looks like text.
;(envelopes as Envelope[]).unshift(bracketed)
const { checks, checksNamed } = await import('../../src/account/doctor/index.ts')
add(checks, tea)
const { sources, openSource } = await import('../../src/sources/index.ts')
add(sources, drawer)
const { shapes } = await import('../../src/deliver/shapes/index.ts')
add(shapes, shout)
const { destinations } = await import('../../src/deliver/destinations/index.ts')
add(destinations, shelf)
const { scan, scanners } = await import('../../src/scan/index.ts')
add(scanners, gnomes)
const { allRules, detectors } = await import('../../src/detect/index.ts')
add(detectors, reads)
const { operations } = await import('../../src/api/index.ts')
add(operations, hello)

const { parseConfig } = await import('../../src/config/config.ts')
const { openLocation } = await import('../../src/workspace/open.ts')
const { logTables } = await import('../../src/tables/index.ts')
const { openGroup } = await import('../../src/ingest/open/open.ts')
const { catchUp } = await import('../../src/follow/follow.ts')
const { routesOf } = await import('../../src/deliver/routes.ts')
const { routeFollower } = await import('../../src/deliver/follower.ts')
const { detect } = await import('../../src/detect/follower.ts')
const { detectDefaults } = await import('../../src/detect/settings.ts')
const { examine } = await import('../../src/account/doctor/examine.ts')
const { ask } = await import('../../src/query/question.ts')
const { openAsking } = await import('../../src/cli/serving.ts')
const { createApp } = await import('../../src/server/app.ts')

const root = mkdtempSync(join(tmpdir(), 'loglake-siblings-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const limits = { threads: 1, memory: '256MiB' }
const CONFIG = `lake: ${join(root, 'lake')}
sources:
  mine: {type: drawer, label: left}
destinations:
  mine: {type: shelf, mark: "> "}
routes:
  out: {table: cloudtrail, shape: shout, to: mine, policy: full, from: start}
serve: {access_log: ${join(root, 'access')}}
`
const { values } = parseConfig(CONFIG, 'loglake.yaml')
const config = join(root, 'loglake.yaml')
writeFileSync(config, CONFIG)
const opened = openLocation({ config })

beforeAll(async () => {
  const [settings] = Object.values(values.sources)
  if (!settings) throw new Error('the configuration has no source')
  await ingest(opened.lake, openSource(settings, { name: 'mine' }), { threads: 1 })
})

async function answer(question: string): Promise<unknown[][]> {
  const found = await ask(opened.lake, question, { views: [], limits })
  try {
    const rows: unknown[][] = []
    for await (const row of found.rows()) rows.push(row)
    return rows
  } finally {
    found.close()
  }
}

it('a source is configured, opened and read', async () => {
  expect(await answer('select eventname, lake_object from cloudtrail')).toEqual([
    ['GetObject', '/drawer/left.json'],
  ])
  expect(() => parseConfig('sources:\n  mine: {type: drawer}', 'loglake.yaml')).toThrow(
    /sources\.mine\.label/,
  )
})

it('a log type has a table, and its records are told from others and become rows', async () => {
  expect(logTables.map(({ name }) => name)).toContain('greeting')
  expect(await answer('select count(*)::integer from greeting')).toEqual([[0]])
  const said = { greeting: { id: 'a', at: '2026-01-07T22:16:43Z', words: 'good morning' } }
  const folder = join(root, 'spool')
  mkdirSync(folder)
  const bytes = Buffer.from(`${JSON.stringify(said)}\n`)
  const object = { serial: 1, uri: '/greetings.json', writtenMs: 1, kind: 'bytes' as const, bytes }
  const { spools } = openGroup({ objects: [object], folder, maxBytes: 1 << 20, strictly: false })
  expect(spools.map(({ logtype }) => logtype)).toEqual(['greeting'])
  expect(readFileSync(spools[0]?.file ?? '').includes('good morning')).toBe(true)
})

it('a shape and a destination are routed to, and sent what comes', async () => {
  const [route] = await routesOf(
    { ...values, place: () => undefined },
    { tables: logTables, types: logTypes },
  )
  if (!route) throw new Error('the configuration has no route')
  await catchUp(opened.lake, routeFollower(route, { version: '0.0.0', groupBytes: 1 << 20 }), { limits })
  expect(sent).toEqual(['> {"shout":"GETOBJECT"}'])
})

it('a detector runs with the others, and what it finds is a finding', async () => {
  expect(allRules(detectDefaults)).toContainEqual({ rule: anyRead, detector: 'reads' })
  const follower = detect({ tables: logTables, settings: detectDefaults, only: [anyRead.id] })
  await catchUp(opened.lake, follower, { limits })
  expect(await answer('select rule, detector, title from finding')).toEqual([
    [anyRead.id, 'reads', 'An object was read'],
  ])
})

it('a rule runs with the others, from its file alone', async () => {
  const rules = join(root, 'rules')
  mkdirSync(rules)
  writeFileSync(join(rules, 'read_by_ada.yaml'), RULE)
  const settings = { ...detectDefaults, rules }
  const follower = detect({ tables: logTables, settings, only: ['22222222-0000-4000-8000-00000000abcd'] })
  await catchUp(opened.lake, { ...follower, name: 'detect-again' }, { limits })
  expect(await answer("select detector, title from finding where title = 'A read by Ada'")).toEqual([
    ['sigma', 'A read by Ada'],
  ])
})

it('an envelope is tried with the others, and its records are stored as any', () => {
  const said = { greeting: { id: 'b', at: '2026-01-07T22:16:43Z', words: 'good evening' } }
  const folder = join(root, 'bracketed')
  mkdirSync(folder)
  const bytes = Buffer.from(`<${JSON.stringify(said)}>`)
  const object = { serial: 1, uri: '/greetings.txt', writtenMs: 1, kind: 'bytes' as const, bytes }
  const { spools } = openGroup({ objects: [object], folder, maxBytes: 1 << 20, strictly: false })
  expect(spools.map(({ logtype }) => logtype)).toEqual(['greeting'])
})

it('a check of the doctor runs, and its fix is a command', async () => {
  expect(checksNamed([], [])).toContain(tea)
  const { state, lines } = await examine(setupWith(told()), { checks: checksNamed(['tea'], []) })
  expect(state).toBe('not')
  expect(lines).toMatchObject([{ check: 'tea', group: 'This machine', commands: ['brew'] }])
})

it('a scanner reads what others read', () => {
  expect(scan('a gnome', 'user')).toMatchObject([{ rule: 'GNOME', from: 2, to: 7 }])
  expect(scan('a gnome', 'answer')).toEqual([])
})

it('an operation has a path, with the rights, the checks and the access log of all', async () => {
  const asking = await openAsking(opened, { notice: null })
  const app = createApp({
    services: asking.services,
    auth: {
      mount: () => undefined,
      readerOf: async (http) => ({
        subject: 'test:ana',
        name: 'ana',
        role: http.req.header('as') === 'analyst' ? 'analyst' : 'operator',
        signedIn: 'oidc',
        mayUnmask: false,
      }),
      isSignedIn: async () => true,
      addressOf: () => '127.0.0.1',
      secure: () => false,
    },
    web: undefined,
    onFailure: (_, thrown) => {
      throw thrown
    },
  })
  const get = async (query: string, as = 'operator') =>
    await app.request(`/api/hello?${query}`, { headers: { as } })
  expect(await (await get('to=you')).json()).toEqual({ words: 'hello you' })
  expect((await get('to=you', 'analyst')).status).toBe(403)
  expect((await get('from=me')).status).toBe(422)
  await asking.close()
  expect(await answer(`select outcome from access_log where operation = 'hello' order by all`)).toEqual([
    ['refused'],
    ['shown'],
  ])
})
