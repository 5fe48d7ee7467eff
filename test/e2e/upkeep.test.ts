import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { freshFolder, loglake, SAMPLES } from './program.ts'
import { warm } from './warm.ts'

const folder = freshFolder()
let next = 0
/** Many programs, one after the other. */
const LONG = { timeout: 300_000 }

/** CloudTrail's objects of a day, of three accounts, apart. */
const DAYS = ['111122223333', '444455556666', '777788889999'].map((account) =>
  join(SAMPLES, 'o-exampleorgid', account, 'CloudTrail/us-east-1/2026/01/07'),
)
const PARTS = DAYS.slice(0, 2)

/** An object that is in none of them. */
const extra = join(folder, 'extra.json')
writeFileSync(extra, '{"Records":[{"eventVersion":"1.08","eventID":"x","eventTime":"2026-01-07T00:00:00Z"}]}')

const place = () => join(folder, `place-${++next}`)

async function count(lake: string): Promise<number> {
  const { out } = await warm(['query', 'select count(*) from cloudtrail', '--format', 'csv', '--lake', lake])
  return Number(out.trim().split('\n').at(-1))
}

async function verified(lake: string): Promise<{ code: number | null; codes: string[] }> {
  const { code, out } = await warm(['verify', '--json', '--lake', lake])
  const { findings } = JSON.parse(out) as { findings: { code: string }[] }
  return { code, codes: findings.map((finding) => finding.code) }
}

/** Runs a program that stops itself at a step, does something, and lets it go on. */
async function suspended(args: string[], step: string, meanwhile: () => Promise<void>) {
  let wake = () => {}
  const isAsleep = (pid: number) =>
    / T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/\(.*\)/, ''))
  const asleep = new Promise<void>((resolve) => {
    const running = loglake(args, {
      env: { LOGLAKE_KILL_AT: `${step}:SIGSTOP` },
      started(child) {
        wake = () => void child.kill('SIGCONT')
        const looking = setInterval(() => {
          if (!isAsleep(child.pid as number)) return
          clearInterval(looking)
          resolve()
        }, 50)
        child.on('exit', () => {
          clearInterval(looking)
          resolve()
        })
      },
    })
    ended = running
  })
  await asleep
  await meanwhile()
  wake()
  return await ended
}
let ended: ReturnType<typeof loglake>

describe.skipIf(process.platform !== 'linux')('a writer that sleeps while the lake is vacuumed', () => {
  it.each(['data-adopted:1', 'ledger-adopted:1', 'metadata-written:2', 'catalog-written:1'])(
    'at %s lies to nobody',
    async (step) => {
      const lake = place()
      const [first = '', second = ''] = PARTS
      await warm(['ingest', first, '--lake', lake])
      const before = await count(lake)
      const { code, err } = await suspended(['ingest', second, '--lake', lake], step, async () => {
        // As if more than the grace had gone by.
        const { code } = await warm(['vacuum', '--keep', '0', '--grace', '0', '--lake', lake])
        expect(code).toBe(0)
      })
      expect(await verified(lake)).toMatchObject({ code: 0, codes: [] })
      if (code === 0) expect(await count(lake)).toBeGreaterThan(before)
      // Where it did not come to the commit, it misses the files that it was making.
      else expect(err).toMatch(step.startsWith('metadata') ? /slept so long/ : /^error: /)
      // Only what was in the catalog before the vacuum may be done.
      expect(code).toBe(step.startsWith('catalog-written') ? 0 : 1)
      expect((await warm(['ingest', second, '--lake', lake])).code).toBe(0)
      expect(await verified(lake)).toEqual({ code: 0, codes: [] })
      expect(await count(lake)).toBeGreaterThan(before)
    },
  )
})

it('a catalog with a gap is not written to, is found by verify, and is mended by repair', LONG, async () => {
  const lake = place()
  for (const part of DAYS) await warm(['ingest', part, '--lake', lake])
  const rows = await count(lake)
  rmSync(join(lake, 'catalog/v2.json'))
  writeFileSync(join(lake, 'catalog/newest'), '1')
  expect(await count(lake)).toBe(rows)
  expect(await verified(lake)).toEqual({ code: 1, codes: ['catalog-gap'] })
  const extra = join(folder, 'extra.json')
  writeFileSync(
    extra,
    '{"Records":[{"eventVersion":"1.08","eventID":"x","eventTime":"2026-01-07T00:00:00Z"}]}',
  )
  const refused = await warm(['ingest', extra, '--lake', lake])
  expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/version 2 .* missing[\s\S]*repair/) })
  const dry = await warm(['repair', '--dry-run', '--lake', lake])
  expect(dry).toMatchObject({
    code: 0,
    out: expect.stringMatching(/step over version 2.*\nNothing was changed/),
  })
  expect(await verified(lake)).toMatchObject({ code: 1 })
  expect(await warm(['repair', '--lake', lake])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/Done/),
  })
  expect(await warm(['repair', '--lake', lake])).toMatchObject({ code: 0, out: 'nothing to repair\n' })
  expect(await verified(lake)).toEqual({ code: 0, codes: [] })
  expect((await warm(['ingest', extra, '--lake', lake])).code).toBe(0)
  expect((await warm(['vacuum', '--keep', '0', '--grace', '0', '--lake', lake])).code).toBe(0)
  expect(await verified(lake)).toEqual({ code: 0, codes: [] })
  const old = await warm(['query', 'select 1', '--at', '2', '--lake', lake])
  expect(old).toMatchObject({ code: 2, err: expect.stringMatching(/version 2 of the lake was given up/) })
})

it('a data file that was rewritten with its size and its counts is found', async () => {
  const lake = place()
  await warm(['ingest', PARTS[0] as string, '--lake', lake])
  const name = readdirSync(join(lake, 'tables/cloudtrail/data'), { recursive: true, encoding: 'utf8' }).find(
    (path) => path.endsWith('.parquet'),
  )
  const path = join(lake, 'tables/cloudtrail/data', name as string)
  const bytes = readFileSync(path)
  // The name of the program that wrote it, in the footer, is nobody's column.
  const at = bytes.lastIndexOf('DuckDB')
  expect(at).toBeGreaterThan(0)
  bytes.write('duckDB', at)
  writeFileSync(path, bytes)
  expect(await verified(lake)).toEqual({ code: 1, codes: ['wrong-hash'] })
})

it('a lake among the logs is passed over, and said', LONG, async () => {
  const home = place()
  mkdirSync(home)
  cpSync(PARTS[0] as string, join(home, 'logs'), { recursive: true })
  const runs = []
  for (let n = 0; n < 3; n++) {
    const { out } = await warm(['ingest', '.', '--json'], { cwd: home })
    runs.push(JSON.parse(out))
  }
  const [{ objects }, second, third] = runs
  expect(objects.rejected).toBe(0)
  const sourceCounts = { [`not read, since it is a lake: ${join(home, 'lake')}`]: 1 }
  for (const run of [second, third]) {
    expect(run).toMatchObject({
      sourceCounts,
      objects: { listed: objects.listed, already: objects.listed, rejected: 0 },
    })
  }
  const { out } = await warm(['ingest', '.'], { cwd: home })
  expect(out).toMatch(/not read, since it is a lake: .*lake\n/)
  const matched = await warm(['ingest', '**/*.json', '**/*.parquet', './logs', '--json'], { cwd: home })
  expect(JSON.parse(matched.out)).toMatchObject({ sourceCounts, objects: { rejected: 0 } })

  // Logs may lie in a lake's own folder, beside what is its own.
  const lake = join(home, 'lake')
  copyFileSync(extra, join(lake, 'extra.json'))
  const inside = await warm(['ingest', lake, '--lake', lake, '--json'])
  expect(JSON.parse(inside.out)).toMatchObject({ sourceCounts, objects: { listed: 1, stored: 1 } })
})

it.each(['a b', '100%', 'ä[1]+*{x}', "it's"])(
  'a lake in a folder called %j is filled, asked and compacted',
  LONG,
  async (name) => {
    const lake = join(place(), name, 'lake')
    for (const part of PARTS) expect((await warm(['ingest', part, '--lake', lake])).code).toBe(0)
    const rows = await count(lake)
    expect(rows).toBeGreaterThan(1)
    for (const command of ['compact', 'vacuum', 'verify'])
      expect(await warm([command, '--lake', lake])).toMatchObject({ code: 0, err: '' })
    expect(await count(lake)).toBe(rows)
  },
)

it.each(['hash#1', 'what?'])('a lake is not made in a folder called %j', async (name) => {
  const { code, err } = await warm(['ingest', PARTS[0] as string, '--lake', join(place(), name, 'lake')])
  expect({ code, err }).toMatchObject({
    code: 2,
    err: expect.stringMatching(/cannot be made in a folder whose path has [#?]/),
  })
})
