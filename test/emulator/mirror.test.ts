import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsClients, awsClients } from '../../src/aws/clients.ts'
import { type Glue, glueOf } from '../../src/aws/glue.ts'
import { type Mirroring, mirrorOnce } from '../../src/engines/mirror/glue.ts'
import { mirrorSection } from '../../src/engines/mirror/settings.ts'
import { mirrorStanding } from '../../src/engines/mirror/standing.ts'
import { mirroringOf, mirrorOf } from '../../src/workspace/mirroring.ts'
import { type Opened, openLocation } from '../../src/workspace/open.ts'
import { ALL_SAMPLES, loglake } from '../e2e/program.ts'
import { type Ministack, startMinistack } from './ministack.ts'

/** The mirror against a Glue that refuses who goes on from an old version, as AWS's does. */

let aws: Ministack
let clients: AwsClients
let glue: Glue
let opened: Opened
let mirroring: Mirroring & { close(): void }
const root = mkdtempSync(join(tmpdir(), 'mirror-'))
const config = join(root, 'loglake.yaml')
const settings = mirrorSection().parse({ database: 'audit' })
const ask = (name: string) => glue.getTable({ DatabaseName: 'audit', Name: name }).then(({ Table }) => Table)
const run = (...args: string[]) => loglake([...args, '--config', config])

/** A path on which `aws` is the AWS CLI, pointed at the emulator. */
function ofAwsCli(): Record<string, string> {
  const folder = join(root, 'bin')
  mkdirSync(folder, { recursive: true })
  const python = resolve('.venv/bin/python')
  writeFileSync(join(folder, 'aws'), `#!/bin/sh\nexec ${python} -m awscli "$@"\n`)
  chmodSync(join(folder, 'aws'), 0o755)
  return {
    PATH: `${folder}:${process.env.PATH}`,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_DEFAULT_REGION: String(aws.identity.region),
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_PAGER: '',
  }
}

async function ingest(part: string): Promise<void> {
  const { code, err } = await run('ingest', join(ALL_SAMPLES, part))
  expect([code, err]).toEqual([0, expect.anything()])
}

beforeAll(async () => {
  aws = await startMinistack()
  clients = awsClients(aws.identity)
  glue = await glueOf(clients)
  await (await clients.s3()).createBucket({ Bucket: 'example-lake' })
  writeFileSync(
    config,
    `lake: s3://example-lake/audit\nstorage:\n  identity: {endpoint: "${aws.endpoint}", region: ${aws.identity.region}}\n  cache: {folder: cache}\nmirror:\n  database: audit\n`,
  )
  await ingest('AWSLogs')
  opened = openLocation({ config })
  mirroring = await mirroringOf(opened, settings)
}, 300_000)
afterAll(async () => {
  mirroring?.close()
  clients?.close()
  await aws?.stop()
  rmSync(root, { recursive: true, force: true })
})

describe('a mirror', () => {
  it('makes the database, the tables and the views, and points at what is committed', async () => {
    const done = await mirrorOnce(mirroring)
    expect(done.conflicts).toEqual([])
    expect(done.created).toEqual(expect.arrayContaining(['cloudtrail', 'ledger', 'model_price']))
    const version = await opened.lake.newest()
    const table = await version.table('cloudtrail')
    const shown = await ask('cloudtrail')
    expect(shown?.TableType).toBe('EXTERNAL_TABLE')
    expect(shown?.Parameters).toMatchObject({
      table_type: 'ICEBERG',
      metadata_location: `s3://example-lake/audit/tables/cloudtrail/${table?.entry.metadata}`,
    })
    expect(shown?.StorageDescriptor?.Columns?.find(({ Name }) => Name === 'eventtime')?.Type).toBe(
      'timestamp',
    )
    const view = await ask('model_price')
    expect(view?.TableType).toBe('VIRTUAL_VIEW')
    const [, encoded = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(view?.ViewOriginalText ?? '') ?? []
    expect(JSON.parse(Buffer.from(encoded, 'base64').toString())).toMatchObject({
      catalog: 'awsdatacatalog',
      schema: 'audit',
      runAsInvoker: true,
    })
  })

  it('changes nothing when nothing has changed, and moves on what a commit has', async () => {
    expect(await mirrorOnce(mirroring)).toMatchObject({ created: [], updated: [], removed: [] })
    await ingest('findings')
    const done = await mirrorOnce(mirroring)
    expect(done.updated).toContain('ledger')
    const before = (await ask('ledger'))?.Parameters?.previous_metadata_location
    expect(before).toMatch(/^s3:\/\/example-lake\/audit\/tables\/ledger\/metadata\/.*\.metadata\.json$/)
  })

  it('leaves what it did not make, and says so', async () => {
    const TableInput = { Name: 'theirs', TableType: 'EXTERNAL_TABLE', Parameters: { table_type: 'ICEBERG' } }
    await glue.createTable({ DatabaseName: 'audit', TableInput })
    await glue.deleteTable({ DatabaseName: 'audit', Name: 'reject' }).catch(() => undefined)
    await glue.createTable({ DatabaseName: 'audit', TableInput: { ...TableInput, Name: 'reject' } })
    const done = await mirrorOnce(mirroring)
    expect((await ask('theirs'))?.Parameters).toEqual({ table_type: 'ICEBERG' })
    expect((await ask('reject'))?.Parameters).toEqual({ table_type: 'ICEBERG' })
    const wanted = (await opened.lake.newest()).catalog.tables
    expect(done.conflicts.map(({ name }) => name)).toEqual('reject' in wanted ? ['reject'] : [])
    await glue.deleteTable({ DatabaseName: 'audit', Name: 'reject' })
    await mirrorOnce(mirroring)
  })

  it('never overwrites what another engine has written, unless a person says so', async () => {
    const there = await ask('cloudtrail')
    const forked = 's3://example-lake/audit/tables/cloudtrail/metadata/00009-fork.metadata.json'
    await glue.updateTable({
      DatabaseName: 'audit',
      TableInput: {
        Name: 'cloudtrail',
        TableType: 'EXTERNAL_TABLE',
        Parameters: { ...there?.Parameters, metadata_location: forked },
        StorageDescriptor: there?.StorageDescriptor,
      },
    })
    const done = await mirrorOnce(mirroring)
    expect(done.conflicts).toEqual([{ name: 'cloudtrail', why: expect.stringContaining(forked) }])
    expect((await ask('cloudtrail'))?.Parameters?.metadata_location).toBe(forked)
    const told = await run('mirror')
    expect(told.code).toBe(1)
    expect(told.err).toContain('another engine has written to it')
    const status = await run('status', '--offline')
    expect(status.out).toContain('another engine has written to it')
    const back = await run('mirror', '--put-back', 'cloudtrail')
    expect([back.code, back.err]).toEqual([0, ''])
    expect((await ask('cloudtrail'))?.Parameters?.metadata_location).not.toBe(forked)
  })

  it('takes away a view of its own that there is no more, and no table', async () => {
    const without = { ...mirroring, views: mirroring.views.filter(({ name }) => name !== 'model_price') }
    expect((await mirrorOnce(without)).removed).toEqual(['model_price'])
    expect((await mirrorOnce(mirroring)).created).toEqual(['model_price'])
  })

  it('is refused where another was first, and then does as that did', async () => {
    // Two that have read the same version: one of them writes first, each time just before the other.
    await ingest('metrics')
    await run('compact')
    let raced = 0
    const racing = new Proxy(glue, {
      get(target, name) {
        if (name !== 'updateTable')
          return Reflect.get(target, name).bind?.(target) ?? Reflect.get(target, name)
        return async (input: Parameters<Glue['updateTable']>[0]) => {
          if (raced++ === 0) await mirrorOnce(mirroring)
          return await target.updateTable(input)
        }
      },
    })
    const done = await mirrorOnce({ ...mirroring, glue: racing as Glue })
    expect(raced).toBeGreaterThan(0)
    expect(done.conflicts).toEqual([])
    const entry = (await opened.lake.newest()).catalog.tables.cloudtrail
    expect((await ask('cloudtrail'))?.Parameters?.metadata_location).toContain(String(entry?.metadata))
  })

  it('says how far it is behind, and is at the newest version after its turn', async () => {
    await ingest('events')
    await run('follow', '--once')
    const { lake } = opened
    const before = await mirrorStanding(lake, await lake.newest())
    expect(before?.behind.commits).toBeGreaterThan(0)
    const mirror = await mirrorOf(opened)
    expect(await mirror?.turn()).toBeDefined()
    expect(await mirror?.turn()).toBeUndefined()
    const after = await mirrorStanding(lake, await lake.newest())
    expect(after?.behind).toEqual({ commits: 0, ms: 0 })
  })

  it('prints a script that does the same, and leaves what loglake did not write', async () => {
    const other = join(root, 'other.yaml')
    writeFileSync(other, readFileSync(config, 'utf8').replace('database: audit', 'database: by_hand'))
    const { out } = await loglake(['mirror', '--print-ddl', '--config', other])
    // One table and one view: each line is a few starts of the AWS CLI.
    const some = out
      .split('\n')
      .filter((line) => !/^put /.test(line) || / '?(cloudtrail|model_price)'? /.test(line))
    expect(some.filter((line) => /^put /.test(line))).toHaveLength(2)
    writeFileSync(join(root, 'mirror.sh'), some.join('\n'))
    const there = (Name: string) =>
      glue.getTable({ DatabaseName: 'by_hand', Name }).then(({ Table }) => Table)
    const script = () => spawnSync('sh', [join(root, 'mirror.sh')], { encoding: 'utf8', env: ofAwsCli() })
    const made = script()
    expect(made, made.stderr).toMatchObject({ status: 0, stderr: '' })
    const [ours, own] = await Promise.all([ask('cloudtrail'), there('cloudtrail')])
    expect(own?.Parameters?.metadata_location).toBe(ours?.Parameters?.metadata_location)
    expect(own?.StorageDescriptor?.Columns).toHaveLength(ours?.StorageDescriptor?.Columns?.length ?? 0)
    expect((await there('model_price'))?.ViewOriginalText).toMatch(/^\/\* Presto View/)
    // Again: all of it is ours, views among it.
    expect(script()).toMatchObject({ status: 0, stderr: '' })
    const theirs = { ...own?.Parameters, metadata_location: 's3://elsewhere/00001.metadata.json' }
    await glue.updateTable({
      DatabaseName: 'by_hand',
      TableInput: { Name: 'cloudtrail', Parameters: theirs },
    })
    expect(script()).toMatchObject({ status: 1, stderr: expect.stringMatching(/^cloudtrail: left as it is/) })
    expect((await there('cloudtrail'))?.Parameters).toEqual(theirs)
  }, 300_000)

  it('prints what a person would run elsewhere', async () => {
    const trino = await run('mirror', '--print-ddl', 'trino')
    expect(trino.out).toMatch(
      /CALL system\.register_table\(schema_name => 'audit', table_name => 'cloudtrail'/,
    )
    expect(trino.out).toContain('CREATE OR REPLACE VIEW audit.model_price AS')
  })
})
