import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ingest } from 'loglake'
import { afterAll, expect, it } from 'vitest'
import type { Location, Locations } from '../../src/digests/locations.ts'
import { digestReport } from '../../src/digests/report.ts'
import { digestTables } from '../../src/digests/tables.ts'
import { updateDigests } from '../../src/digests/update.ts'
import { type Lake, openLake } from '../../src/lake/lake.ts'
import { localStorage } from '../../src/lake/storage/local.ts'
import { lakeTables } from '../../src/tables/index.ts'
import { type Stored, signKey, type Trail, type TrailOptions, trail } from '../emulator/digests/chain.ts'

/** What only a ledger of digests can tell: that they were there, that they should be there, that they are late. */

const place = mkdtempSync(join(tmpdir(), 'digest-chains-'))
afterAll(() => rmSync(place, { recursive: true }))
const key = signKey()
const keyFile = join(place, 'keys.json')
writeFileSync(keyFile, JSON.stringify({ PublicKeyList: [{ Value: key.der.toString('base64') }] }))

const BUCKET = 'trail-logs'
const HOME = 'eu-central-1'

/** A bucket in memory, and a lake of its log files. */
class World {
  readonly objects = new Map<string, Stored>()
  readonly read: string[] = []
  readonly lake: Lake = openLake(localStorage(mkdtempSync(join(place, 'lake-'))), [
    ...lakeTables,
    ...digestTables,
  ])

  deliver(options: Partial<TrailOptions>): Trail {
    const made = trail(key, { bucket: BUCKET, home: HOME, ...options })
    for (const [name, stored] of made.objects) this.objects.set(`s3://${BUCKET}/${name}`, stored)
    return made
  }

  /** Puts the log files into the lake, then reads the digests. */
  async look(whole = false) {
    const { objects } = this
    const logs = [...objects].filter(([uri]) => !uri.includes('/CloudTrail-Digest/'))
    await ingest(
      this.lake,
      {
        name: 'trail',
        async *objects() {
          for (const [uri, { body }] of logs)
            yield {
              kind: 'object' as const,
              uri,
              version: '1',
              bytes: body.length,
              writtenMs: 0,
              // A copy: it goes to another thread.
              read: async () => ({ bytes: new Uint8Array(body), version: '1', writtenMs: 0 }),
              acknowledge: async () => undefined,
            }
        },
      },
      { threads: 1 },
    )
    this.read.length = 0
    const done = await updateDigests(this.lake, { locations: this.locations(), keyFile, whole })
    return { ...done, ...(await digestReport(this.lake)) }
  }

  private locations(): Locations {
    const { objects, read } = this
    const location: Location = {
      async *list(prefix, after) {
        for (const uri of [...objects.keys()].sort()) if (uri.startsWith(prefix) && uri > after) yield uri
      },
      async read(uri) {
        read.push(uri)
        const found = objects.get(uri)
        return found && { bytes: found.body, metadata: found.metadata }
      },
    }
    const clients = () => {
      throw new Error('AWS is not asked where a file has the keys')
    }
    return { of: () => location, clients, close: () => undefined }
  }
}

const codes = (findings: readonly { code: string }[]) => findings.map(({ code }) => code).sort()

it('digests of two Regions prove every log file, and the next look reads only what is new', async () => {
  const world = new World()
  world.deliver({ region: HOME, hours: 5 })
  world.deliver({ region: 'us-east-1', hours: 5 })
  const first = await world.look()
  expect(first).toMatchObject({ read: 10, findings: [], total: { same: 20, named: 20, percent: 100 } })
  world.deliver({ region: HOME, hours: 6 })
  world.deliver({ region: 'us-east-1', hours: 6 })
  const next = await world.look()
  expect(next).toMatchObject({ read: 2, written: 2, findings: [], total: { same: 24, percent: 100 } })
})

it('the newest digests of a Region are deleted after they were seen', async () => {
  const world = new World()
  const { digests } = world.deliver({ region: HOME, hours: 6 })
  await world.look()
  const gone = digests.slice(-2).map((name) => `s3://${BUCKET}/${name}`)
  for (const uri of gone) world.objects.delete(uri)
  const { findings, total } = await world.look()
  expect(findings.map(({ code, file, severity }) => [code, file, severity])).toEqual(
    gone.map((uri) => ['digest-missing', uri, 'wrong']),
  )
  // What they signed while they were there stays proved.
  expect(total.percent).toBe(100)
})

it('the newest digests of a Region are deleted before anybody has seen them: log files go on', async () => {
  const world = new World()
  const { digests } = world.deliver({ region: HOME, hours: 8 })
  for (const name of digests.slice(-5)) world.objects.delete(`s3://${BUCKET}/${name}`)
  const { findings, total } = await world.look()
  expect(codes(findings)).toEqual(['digest-late'])
  expect(findings[0]?.message).toMatch(/its newest digests are missing: 4 log files came behind the last one/)
  expect(total).toMatchObject({ same: 6, awaited: 10 })
})

it('and where there are no log files, the digests of other Regions go on', async () => {
  const world = new World()
  world.deliver({ region: HOME, hours: 8 })
  world.deliver({ region: 'us-east-1', hours: 2 })
  const { findings } = await world.look()
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['digest-silent', 'warning']])
  expect(findings[0]?.message).toContain('of 2026-01-07T12:00:00Z, and those of other Regions')
  // Two hours apart is no more than one that is late.
  const near = new World()
  near.deliver({ region: HOME, hours: 4 })
  near.deliver({ region: 'us-east-1', hours: 2 })
  expect((await near.look()).findings).toEqual([])
})

it('the trail did not log for some hours: there the chain begins anew', async () => {
  const world = new World()
  world.deliver({ region: HOME, hours: 8, silent: [3, 4] })
  const { findings, total } = await world.look()
  expect(codes(findings)).toEqual(['digest-gap'])
  expect(findings[0]?.message).toContain('between 2026-01-07T13:00:00Z and 2026-01-07T15:00:00Z')
  expect(total.percent).toBe(100)
})

it('a digest of days ago is deleted: a look at the new ones does not find it, a look at all does', async () => {
  const world = new World()
  const { digests } = world.deliver({ region: HOME, hours: 80 })
  await world.look()
  const [old = ''] = digests
  world.objects.delete(`s3://${BUCKET}/${old}`)
  expect((await world.look()).findings).toEqual([])
  expect(codes((await world.look(true)).findings)).toEqual(['digest-missing'])
})
