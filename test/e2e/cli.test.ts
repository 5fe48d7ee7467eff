import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Totals } from '../../src/ingest/totals.ts'
import { freshFolder, loglake, SAMPLES } from './program.ts'
import { rowsOf, warm } from './warm.ts'

const manifest = JSON.parse(readFileSync(new URL('../../samples/manifest.json', import.meta.url), 'utf8'))
const lake = join(freshFolder(), 'lake')
const at = ['--lake', lake]
let first: Totals

beforeAll(async () => {
  const { code, out, err } = await warm(['ingest', SAMPLES, ...at, '--json', '--strict'])
  expect(err).toBe('')
  expect(code).toBe(3)
  first = JSON.parse(out)
})

describe('the samples', () => {
  it('are all accounted for', () => {
    const { objects, records } = first
    expect(objects).toEqual({
      listed: manifest.files + 1,
      filtered: 0,
      already: 0,
      stored: manifest.files,
      skipped: 1,
      rejected: 0,
      failed: 0,
      released: 0,
    })
    expect(records.read).toBe(records.stored + records.repeated + records.skipped + records.rejected)
    expect(records.repeated).toBe(manifest.repeats)
    expect(records.rejected).toBe(1)
    expect(Object.values(first.reasons)).toEqual([1, 1])
  })

  it('are there once, as the manifest counts them', async () => {
    const readable = `from cloudtrail where not ends_with(lake_object, '${manifest.damaged.key}')`
    const [counts] = await rowsOf(
      lake,
      `select count(*) as rows, count(distinct eventid) as ids, count(*) filter (errorcode like '%AccessDenied%') as denied ${readable}`,
    )
    expect(counts).toEqual({ rows: manifest.distinct, ids: manifest.distinct, denied: manifest.denied })
    const days = await rowsOf<{ day: string; n: number }>(
      lake,
      `select lake_day as day, count(*) as n ${readable} group by day`,
    )
    expect(Object.fromEntries(days.map(({ day, n }) => [day, n]))).toEqual(manifest.days)
  })

  it('change nothing when they come again', async () => {
    const { code, out, err } = await warm(['ingest', SAMPLES, ...at, '--strict'])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toBe('All 228 objects are in the lake already. Nothing changed: the lake is at version 1.\n')
  })

  it('are listed', async () => {
    const tables = JSON.parse((await warm(['tables', ...at, '--format', 'json'])).out)
    const filled = tables.filter(({ rows }: { rows: number }) => rows > 0)
    expect(filled.map(({ table, rows }: { table: string; rows: number }) => [table, rows])).toEqual([
      ['cloudtrail', first.records.stored],
      ['ledger', 228],
      ['reject', 1],
    ])
    expect(tables).toContainEqual(expect.objectContaining({ table: 'cloudtrail_lake', kind: 'view' }))
    const skipped = await warm(['objects', ...at, '--outcome', 'skipped'])
    expect(skipped.out).toMatch(/CloudTrail-Digest[\s\S]*hashes of log files[\s\S]*\n1 object\n$/)
    const some = await warm([
      'objects',
      ...at,
      '--limit',
      '2',
      '--like',
      '%eu-central-1%',
      '--logtype',
      'cloudtrail',
    ])
    expect(some.out).toMatch(/\n2 of \d+ objects: --limit 0 shows all\n$/)
    expect((await warm(['objects', ...at, '--logtype', 'nothing'])).err).toBe('no such object\n')
  })
})

describe('rejects', () => {
  it('are shown by the beginning of their id, and given to the letter', async () => {
    const [reject] = JSON.parse((await warm(['rejects', ...at, '--format', 'json'])).out)
    expect(reject).toMatchObject({ code: 'damaged-gzip', position: expect.any(Number) })
    expect(reject.lake_object).toContain(manifest.damaged.key)
    const shown = await warm(['rejects', ...at, '--show', reject.id.slice(0, 5)])
    expect(shown.out).toContain(reject.reason)
    expect(shown.out).toContain('{"eventVersion"')
    const raw = await warm(['rejects', ...at, '--show', reject.id, '--raw'])
    expect(raw.out.length).toBe(reject.kept_bytes)
    expect((await warm(['rejects', ...at, '--code', 'malformed-json'])).err).toBe('nothing was rejected\n')
    expect((await warm(['rejects', ...at, '--show', 'nosuch'])).code).toBe(2)
    expect((await warm(['rejects', ...at, '--raw'])).code).toBe(2)
  })
})

describe('limits', () => {
  async function ingested(...args: string[]): Promise<Totals> {
    const { out } = await warm(['ingest', SAMPLES, '--lake', join(freshFolder(), 'lake'), '--json', ...args])
    return JSON.parse(out)
  }

  it('on time are counted', async () => {
    const { records } = await ingested('--since', '2026-01-07', '--until', '2026-01-08T00:00:00Z')
    expect(records.stored).toBe(manifest.days['2026-01-07'])
    expect(records.skipped).toBe(records.read - records.stored - records.repeated - records.rejected)
    expect(records.skipped).toBeGreaterThan(3000)
  })

  it('on names are counted', async () => {
    const { objects } = await ingested(
      '--include',
      'us-east-1/',
      '--exclude',
      '*Digest*',
      '--exclude',
      '*Insight*',
    )
    expect(objects.listed).toBe(228)
    expect(objects.filtered).toBeGreaterThan(0)
    expect(objects.stored).toBe(228 - objects.filtered)
    expect(objects.skipped).toBe(0)
  })

  it('of the configuration hold when none is given', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'loglake.yaml'), 'lake: ./mine\ningest:\n  include: ["nothing/**"]\n')
    const { out } = await warm(['ingest', SAMPLES], { cwd: folder })
    expect(out).toMatch(
      /^All 228 objects are left out by name: .*--include.* Nothing changed: there is no lake yet\.\n$/,
    )
    const flag = await warm(['ingest', SAMPLES, '--include', '*Insight*'], { cwd: folder })
    expect(flag.out).toMatch(/2 stored, 226 left out/)
    expect(existsSync(join(folder, 'mine', 'catalog', 'v1.json'))).toBe(true)
  })
})

describe('exit codes', () => {
  it.each<[string, string[], RegExp]>([
    ['no command', [], /Usage: loglake/],
    ['a mistyped command', ['ingset'], /Did you mean ingest/],
    ['a mistyped option', ['tables', '--lak', 'x'], /Did you mean --lake/],
    ['a missing argument', ['ingest'], /missing required argument/],
    ['a path that is not there', ['ingest', '/nowhere/logs', ...at], /no file or folder \/nowhere\/logs/],
    ['a pattern that matches nothing', ['ingest', '/nowhere/*.gz', ...at], /nothing matches/],
    ['a time that is none', ['ingest', SAMPLES, '--since', 'yesterday', ...at], /7d for 7 days ago/],
    [
      'times the wrong way round',
      ['ingest', SAMPLES, '--since', '1d', '--until', '2d', ...at],
      /--since is not before/,
    ],
    ['no lake', ['tables', '--lake', '/nowhere/lake'], /no lake in \/nowhere\/lake/],
    ['a lake elsewhere', ['tables', '--lake', 's3://bucket/lake'], /s3:\/\/bucket\/lake/],
    ['a mistyped table', ['describe', 'cloudtral'], /did you mean "cloudtrail"/],
    ['a configuration that is not there', ['tables', '--config', '/nowhere.yaml'], /nowhere\.yaml/],
    ['a format that there is not', ['query', 'select 1', '--format', 'xml', ...at], /Allowed choices/],
  ])('2: %s', async (_, args, why) => {
    const { code, out, err } = await warm(args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(why)
    expect(err).not.toMatch(/\n {4}at /)
  })

  it('1: the lake cannot be written', async () => {
    const lake = join(freshFolder(), 'lake')
    mkdirSync(lake)
    writeFileSync(join(lake, 'catalog'), '')
    const { code, err } = await warm(['ingest', SAMPLES, '--lake', lake])
    expect(code).toBe(1)
    expect(err).toMatch(/^error: .*\n {2}file: .*\n {2}way out: /)
    const debug = await warm(['ingest', SAMPLES, '--debug', '--lake', lake])
    expect(debug.err).toMatch(/\n {4}at /)
  })

  it('2: a file lies where the lake should', async () => {
    const file = join(freshFolder(), 'file')
    writeFileSync(file, '')
    const { code, err } = await warm(['ingest', SAMPLES, '--lake', join(file, 'lake')])
    expect({ code, err }).toEqual({
      code: 2,
      err: expect.stringMatching(/^error: a lake lies in a folder.*is a file\n$/),
    })
  })

  it('0: help and version, without DuckDB', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await loglake(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
    const help = await loglake(['--help'], { env: { NODE_DEBUG: 'esm' } })
    expect(help.code).toBe(0)
    expect(help.out).toMatch(/Start:[\s\S]*ingest[\s\S]*Ask:[\s\S]*query/)
    expect(help.err).not.toMatch(/duckdb/)
    expect((await loglake(['query', '--help'], { env: { NODE_DEBUG: 'esm' } })).err).toMatch(/duckdb/)
    for (const command of [
      'demo',
      'ingest',
      'query',
      'tables',
      'describe',
      'objects',
      'rejects',
      'compact',
      'vacuum',
      'verify',
      'repair',
      'schema',
    ]) {
      const { code, out } = await warm([command, '--help'])
      expect({ command, code }).toEqual({ command, code: 0 })
      expect(out).toContain('Examples:')
    }
  })
})

describe('configuration', () => {
  it('is refused with every line at fault', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'loglake.yaml'), 'lake: x\ningest:\n  thread: 2\n  memory: much\n')
    const { code, err } = await warm(['tables'], { cwd: folder })
    expect(code).toBe(2)
    expect(err).toBe(
      'error: loglake.yaml:3: there is no key "thread" in "ingest": did you mean "threads"?\n' +
        'loglake.yaml:4: ingest.memory: a size is wanted, as in 512MiB, not "much"\n',
    )
  })

  it('is shown with where it came from', async () => {
    const folder = freshFolder()
    writeFileSync(join(folder, 'loglake.yaml'), 'query:\n  format: csv\ningest: {memory: 1GiB}\n')
    const { out } = await warm(['config', 'show', '--lake', '/data/lake'], { cwd: folder })
    expect(out).toMatch(/^lake +\/data\/lake +--lake$/m)
    expect(out).toMatch(/^query\.format +csv +loglake\.yaml:2$/m)
    expect(out).toMatch(/^ingest\.memory +1GiB +loglake\.yaml:3$/m)
    expect(out).toMatch(/^ingest\.batch\.bytes +192MiB +default$/m)
    const json = JSON.parse((await warm(['config', 'show', '--json'], { cwd: folder })).out)
    expect(json).toContainEqual({ key: 'ingest.memory', value: 2 ** 30, from: 'loglake.yaml:3' })
  })
})

it('stops between two commits, and goes on from there', async () => {
  const folder = freshFolder()
  const place = join(folder, 'lake')
  writeFileSync(join(folder, 'loglake.yaml'), 'ingest:\n  batch:\n    objects: 3\n')
  const stopped = await loglake(['ingest', SAMPLES], {
    cwd: folder,
    async started(child) {
      while (!existsSync(join(place, 'catalog', 'v2.json')) && child.exitCode === null) await wait(10)
      child.kill('SIGINT')
    },
  })
  expect({ code: stopped.code, out: stopped.out }).toEqual({ code: 130, out: '' })
  expect(stopped.err).toMatch(/^stopping: .*\nstopped: \d+ objects of this run are in the lake, each whole;/)
  const settled = Number(/stopped: (\d+)/.exec(stopped.err)?.[1])
  const [ledger] = await rowsOf<{ n: number }>(place, 'select count(*) as n from ledger')
  expect(ledger).toEqual({ n: settled })
  expect(settled).toBeLessThan(228)

  const { out } = await warm(['ingest', SAMPLES, '--lake', place, '--json'])
  const again: Totals = JSON.parse(out)
  expect(again.objects.already).toBe(settled)
  expect((await rowsOf(place, 'select count(*) as n from cloudtrail'))[0]).toEqual({
    n: first.records.stored,
  })
})

it('keeps the lake small: compact and vacuum change no answer', async () => {
  const folder = freshFolder()
  writeFileSync(join(folder, 'loglake.yaml'), 'ingest:\n  batch:\n    objects: 80\n')
  await warm(['ingest', SAMPLES], { cwd: folder })
  const question =
    'select count(*) as n, bit_xor(hash(eventid, eventtime, requestparameters)) as sum from cloudtrail'
  const before = await rowsOf(join(folder, 'lake'), question)
  const compacted = await warm(['compact'], { cwd: folder })
  expect(compacted.out).toMatch(/^cloudtrail +\d+ files → +\d+ +[\d.]+ kB → [\d.]+ kB$/m)
  expect((await warm(['vacuum', '--dry-run', '--keep', '0', '--grace', '0'], { cwd: folder })).out).toMatch(
    /would be removed/,
  )
  expect((await warm(['vacuum', '--keep', '0', '--grace', '0'], { cwd: folder })).out).toMatch(
    /files \(.*\) removed, \d+ earlier snapshots given up/,
  )
  expect(await rowsOf(join(folder, 'lake'), question)).toEqual(before)
  const old = await warm(['query', 'select 1', '--at', '1'], { cwd: folder })
  expect(old.err).toMatch(/version 1 of the lake was given up/)
  expect((await warm(['compact'], { cwd: folder })).out).toMatch(/nothing to compact/)
})

it('shows itself: the demo, twice', async () => {
  const folder = freshFolder()
  const [one, two] = [await warm(['demo'], { cwd: folder }), await warm(['demo'], { cwd: folder })]
  expect([one.code, one.err, two.code, two.err]).toEqual([0, '', 0, ''])
  expect(one.out).toMatch(/goran@example\.com +BreakGlassAdmin/)
  expect(two.out).toMatch(/Nothing changed/)
  const answers = (text: string) => text.slice(text.indexOf('1. Who'))
  expect(answers(two.out)).toBe(answers(one.out))

  mkdirSync(join(folder, 'own'))
  writeFileSync(join(folder, 'own', 'x.json'), '')
  await warm(['ingest', 'own', '--lake', 'real'], { cwd: folder })
  const refused = await warm(['demo', '--lake', 'real'], { cwd: folder })
  expect(refused.code).toBe(2)
  expect(refused.err).toMatch(/other logs than the samples/)
})
