import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { ingest } from 'loglake'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cameBack } from '../../src/erase/erasures.ts'
import { addHold } from '../../src/erase/holds.ts'
import { removeRows } from '../../src/erase/remove.ts'
import { eraseTables } from '../../src/erase/tables.ts'
import { catchUp } from '../../src/follow/follow.ts'
import { type Lake, openLake } from '../../src/lake/lake.ts'
import type { Storage } from '../../src/lake/storage/contract.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { verify } from '../../src/ledger/verify.ts'
import { ask } from '../../src/query/question.ts'
import { folder } from '../../src/sources/folder.ts'
import { lakeTables, logTables } from '../../src/tables/index.ts'
import { appendLog } from '../../src/witness/append.ts'
import { checkLog } from '../../src/witness/check.ts'
import { readCommit } from '../../src/witness/commits.ts'
import { fileSigner } from '../../src/witness/signer.ts'

const place = mkdtempSync(join(tmpdir(), 'loglake-erase-'))
afterAll(() => rmSync(place, { recursive: true }))

let lake: Lake
const objects = join(place, 'objects')
const options = { by: 'ana', reason: 'request 17', as: 'erase' as const, dryRun: false }
const signer = fileSigner(join(place, 'log.pem'))

function event(nth: number, user: string) {
  return {
    eventVersion: '1.09',
    userIdentity: {
      type: 'IAMUser',
      arn: `arn:aws:iam::111122223333:user/${user}`,
      userName: user,
      accountId: '111122223333',
    },
    eventTime: `2026-01-0${1 + (nth % 3)}T10:00:00Z`,
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: 'eu-central-1',
    eventID: `00000000-0000-4000-a000-0000000000${String(nth).padStart(2, '0')}`,
    eventType: 'AwsApiCall',
    recipientAccountId: '111122223333',
  }
}

function write(name: string, events: object[]) {
  mkdirSync(objects, { recursive: true })
  writeFileSync(join(objects, name), JSON.stringify({ Records: events }))
}

/** As S3 is: files are read from copies, which are gone once they are given up. */
function copying(storage: Storage): Storage {
  const held = new Map<string, number>()
  return {
    ...storage,
    localFolder: join(place, 'copies'),
    async local(key, bytes) {
      const copy = join(place, 'copies', key)
      mkdirSync(dirname(copy), { recursive: true })
      copyFileSync(await storage.local(key, bytes), copy)
      held.set(copy, (held.get(copy) ?? 0) + 1)
      return copy
    },
    release(paths) {
      for (const path of paths) {
        const left = (held.get(path) ?? 0) - 1
        held.set(path, left)
        if (left === 0) rmSync(path, { force: true })
      }
    },
  }
}

beforeAll(async () => {
  for (let file = 0; file < 3; file++)
    write(
      `${file}.json`,
      [0, 1, 2, 3].map((nth) => event(file * 4 + nth, nth === 0 ? 'ana' : 'bob')),
    )
  lake = openLake(copying(localStorage(join(place, 'lake'))), [...lakeTables, ...eraseTables])
  await ingest(lake, folder([objects]), { threads: 1, batchObjects: 1 })
})

async function count(where = 'true'): Promise<number> {
  const answer = await ask(lake, `select count(*) from cloudtrail where ${where}`, { views: [] })
  let found = -1
  for await (const [value] of answer.rows()) found = Number(value)
  answer.close()
  return found
}

const wrong = async () => (await verify(lake)).findings.filter(({ severity }) => severity === 'wrong')

it('a dry run changes nothing', async () => {
  const before = (await lake.newest()).number
  const removed = await removeRows(lake, {
    ...options,
    selector: { kind: 'person', value: 'ana' },
    dryRun: true,
  })
  expect(removed).toMatchObject({ tables: { cloudtrail: 3 }, rows: 3, objects: 3 })
  expect((await lake.newest()).number).toBe(before)
})

it('a legal hold wins', async () => {
  await addHold(lake, { kind: 'object', value: join(objects, '0.json') }, 'eve', 'case 12')
  const removed = await removeRows(lake, { ...options, selector: { kind: 'person', value: 'ana' } })
  expect(removed).toMatchObject({ tables: { cloudtrail: 2 }, held: { cloudtrail: 1 }, objects: 2 })
  expect(await count("useridentity_username = 'ana'")).toBe(1)
  expect(await count()).toBe(10)
})

it('a legal hold wins in a file that other rows are erased from', async () => {
  const own = openLake(localStorage(join(place, 'one-file')), [...lakeTables, ...eraseTables])
  const two = join(place, 'two')
  mkdirSync(two)
  // Of one day, so that both are in one file.
  for (const [name, nth] of [
    ['held.json', 30],
    ['gone.json', 33],
  ] as const)
    writeFileSync(join(two, name), JSON.stringify({ Records: [event(nth, 'kim')] }))
  await ingest(own, folder([two]))
  await addHold(own, { kind: 'object', value: join(two, 'held.json') }, 'eve', 'case 13')
  const removed = await removeRows(own, { ...options, selector: { kind: 'person', value: 'kim' } })
  expect(removed).toMatchObject({ tables: { cloudtrail: 1 }, held: { cloudtrail: 1 } })
  const answer = await ask(own, 'select lake_object from cloudtrail')
  const left: unknown[] = []
  for await (const [object] of answer.rows()) left.push(object)
  answer.close()
  expect(left).toEqual([join(two, 'held.json')])
})

it('the ledger knows of it, and the log of the lake says why', async () => {
  expect(await wrong()).toEqual([])
  await appendLog(lake, signer)
  const checked = await checkLog(lake, signer.publicKey)
  expect(checked.findings).toEqual([])
  const commit = await readCommit(lake, (await lake.newest()).number)
  expect(commit).toMatchObject({ by: 'erase', why: 'request 17' })
  expect(commit?.files.filter((text) => text.includes('"removed"')).length).toBeGreaterThan(1)
})

it('followers that have read the rows read none of them again', async () => {
  const [cloudtrail] = logTables.filter(({ name }) => name === 'cloudtrail')
  let seen = 0
  const follower = {
    name: 'counts',
    doc: 'Counts.',
    tables: cloudtrail ? [cloudtrail] : [],
    writes: [],
    again: 'replay' as const,
    async work({
      added,
      end,
    }: {
      added: ReadonlyMap<string, { files: readonly { file: { records: number } }[] }>
      end: object
    }) {
      seen += added.get('cloudtrail')?.files.reduce((sum, { file }) => sum + file.records, 0) ?? 0
      return { rows: {}, cursor: end }
    },
  }
  await catchUp(lake, follower as never)
  expect(seen).toBe(10)
  await removeRows(lake, {
    ...options,
    selector: { kind: 'key', value: '00000000-0000-4000-a000-000000000005' },
  })
  await catchUp(lake, follower as never)
  expect(seen).toBe(10)
  expect(await count()).toBe(9)
})

it('an object whose rows were erased is not read again', async () => {
  const account = await ingest(lake, folder([objects]), { threads: 1 })
  expect(account.objects).toMatchObject({ already: 3, stored: 0 })
  expect(await count()).toBe(9)
})

it('what comes back by another object is said', async () => {
  expect((await cameBack(lake)).map(({ message }) => message)).toEqual([expect.stringContaining('1 rows')])
  write('other.json', [event(4, 'ana')])
  await ingest(lake, folder([objects]), { threads: 1 })
  expect((await cameBack(lake)).map(({ message }) => message)).toEqual([expect.stringContaining('2 rows')])
})

it('a person is found within ARNs, unique ids and actors, in any case; what only mentions them stays, and is told', async () => {
  const session = {
    ...event(20, 'x'),
    userIdentity: {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/Admin/Carol@example.com',
      principalId: 'AROAEXAMPLEEXAMPLE12:Carol@example.com',
      accountId: '111122223333',
    },
    eventSource: 'ssm.amazonaws.com',
    eventName: 'StartSession',
    responseElements: { sessionId: 'maintenance-0123456789abcdef0' },
  }
  const about = { ...event(21, 'bob'), requestParameters: { userName: 'carol@example.com' } }
  const other = { ...event(22, 'not-carol@example.com') }
  write('carol.json', [session, about, other, { eventVersion: '1.09', by: 'carol@example.com' }])
  const output = (id: string) => ({
    eventVersion: '1.0',
    eventTime: '2026-01-02T10:00:00Z',
    awsRegion: 'eu-central-1',
    target: { id: 'i-0123456789abcdef0' },
    userIdentity: { arn: 'arn:aws:sts::111122223333:assumed-role/Admin/maintenance' },
    runAsUser: 'ssm-user',
    sessionId: id,
    sessionData: ['$ id'],
  })
  const delivered = ['maintenance-0123456789abcdef0', 'maintenance-0123456789abcdef1'].map((id, nth) => ({
    id: `3${nth}`,
    timestamp: Date.parse('2026-01-02T10:00:00Z'),
    message: JSON.stringify(output(id)),
  }))
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: 'sessions',
    logStream: 's',
  }
  writeFileSync(
    join(objects, 'output.json'),
    JSON.stringify({ ...envelope, subscriptionFilters: [], logEvents: delivered }),
  )
  await ingest(lake, folder([objects]), { threads: 1 })
  const selector = { kind: 'person' as const, value: 'CAROL@example.com' }
  const removed = await removeRows(lake, { ...options, selector })
  expect(removed).toMatchObject({
    tables: { cloudtrail: 1, session_log: 1 },
    mentioned: { cloudtrail: 1, reject: 1 },
  })
  expect(await wrong()).toEqual([])
  const all = await removeRows(lake, { ...options, selector: { ...selector, mentions: true } })
  expect(all).toMatchObject({ tables: { cloudtrail: 1, reject: 1 }, mentioned: {} })
  expect(await removeRows(lake, { ...options, selector: { ...selector, mentions: true } })).toMatchObject({
    rows: 0,
  })
  expect(await count("useridentity_username = 'not-carol@example.com'")).toBe(1)
  // The ledger counts the reject, whose bytes are gone.
  expect(await wrong()).toEqual([])
  write('carol-again.json', [session])
  await ingest(lake, folder([objects]), { threads: 1 })
  expect((await cameBack(lake)).filter(({ table }) => table === 'cloudtrail')).not.toEqual([])
})

it('a name is the same in large and small letters of any script, for an erasure, a hold and what came back', async () => {
  const names = ['ΟΔΥΣΣΕΥΣ', 'İPEK@example.com', 'JÓZEF', 'ЖАННА']
  write(
    'scripts.json',
    [...names, ...names.map((name) => name.toLowerCase())].map((name, nth) => event(40 + nth, name)),
  )
  await ingest(lake, folder([objects]), { threads: 1 })
  for (const value of names) {
    const both = { ...options, dryRun: true, tables: ['cloudtrail'] }
    const { rows } = await removeRows(lake, { ...both, selector: { kind: 'person', value } })
    // What JavaScript makes small of a final sigma and of a dotted I, the engine spells in another way.
    expect([value, rows]).toEqual([value, ['ΟΔΥΣΣΕΥΣ', 'İPEK@example.com'].includes(value) ? 1 : 2])
  }
  const selector = { kind: 'person' as const, value: 'İPEK@example.com' }
  await addHold(lake, selector, 'ana', 'case 9')
  expect(await removeRows(lake, { ...options, selector })).toMatchObject({ rows: 0, held: { cloudtrail: 1 } })
  await removeRows(lake, { ...options, selector: { kind: 'person', value: 'ΟΔΥΣΣΕΥΣ' } })
  write('scripts-again.json', [event(49, 'ΟΔΥΣΣΕΥΣ')])
  const before = (await cameBack(lake)).length
  await ingest(lake, folder([objects]), { threads: 1 })
  expect((await cameBack(lake)).length).toBe(before + 1)
})

it('retention removes days, but for what is held', async () => {
  const before = await count("lake_day <= date '2026-01-02'")
  const removed = await removeRows(lake, {
    ...options,
    as: 'retention',
    selector: { kind: 'days', until: '2026-01-02' },
    tables: ['cloudtrail'],
  })
  expect(removed.rows + (removed.held.cloudtrail ?? 0)).toBe(before)
  expect(removed.held.cloudtrail).toBeGreaterThan(0)
  expect(await count("lake_day <= date '2026-01-02'")).toBe(removed.held.cloudtrail)
  expect(await wrong()).toEqual([])
  await appendLog(lake, signer)
  expect((await checkLog(lake, signer.publicKey)).findings).toEqual([])
})
