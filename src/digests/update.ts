import { append, type NewRow } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { DAY_MS } from '../lib/day.ts'
import type { EngineLimits } from '../lib/duckdb.ts'
import { type Asking, openAsking } from './ask.ts'
import { type DigestRow, judge, judgeByNext, type KeyOf, nameOf } from './judge.ts'
import { digestKey, parseTimestamp } from './key.ts'
import { type KeyRow, keyring } from './keys.ts'
import type { Location, Locations, Moved } from './locations.ts'
import { digestKeyTable, digestTable } from './tables.ts'

export interface UpdateOptions {
  locations: Locations
  /** Objects that were copied from elsewhere. */
  moved?: readonly Moved[]
  /** A file with AWS's public keys, in place of `cloudtrail:ListPublicKeys`. */
  keyFile?: string | undefined
  /** Whether every digest is read again; otherwise only new ones, and those that were not valid. */
  whole?: boolean
  /** Digests that end before this day are ignored; by default those before the first log file in the lake. */
  since?: string | undefined
  limits?: EngineLimits
  signal?: AbortSignal
  onProgress?(digests: number): void
}

/** A folder of digests: of an account, or an account of an organisation, and a Region. */
interface Root {
  root: string
  region: string
  source: string
  first: string
  last: string
}

/** Counts of an update. */
export interface Updated {
  /** Digests that were read. */
  read: number
  /** Verdicts that were written. */
  written: number
}

/** 2 days behind the newest digest, which an incremental update reads again for late digests. */
const LATE_MS = 2 * DAY_MS
/** Attempts, when another process writes to the table meanwhile. */
const ATTEMPTS = 5

/** Brings the digests of all chains into the lake, with a verdict on each. */
export async function updateDigests(lake: Lake, options: UpdateOptions): Promise<Updated> {
  const total = { read: 0, written: 0 }
  if (!(await lake.exists())) return total
  const first = await openAsking(lake, await lake.newest(), options.limits)
  const roots = await first.rows<Root>('roots').finally(() => first.close())
  for (const root of roots) {
    if (options.signal?.aborted) break
    for (let attempt = 1; ; attempt++) {
      const done = await updateRoot(lake, root, options, (read) => options.onProgress?.(total.read + read))
      if (done === undefined && attempt < ATTEMPTS) continue
      total.read += done?.read ?? 0
      total.written += done?.written ?? 0
      break
    }
  }
  return total
}

/**
 * The versions of both tables. A process that pins a key for the first time must detect that another one did.
 */
async function standing(version: LakeVersion): Promise<string> {
  const tables = [digestTable, digestKeyTable].map(async ({ name }) => (await version.table(name))?.sequence)
  return (await Promise.all(tables)).join(' ')
}

/** @returns undefined when another process wrote to the tables meanwhile */
async function updateRoot(
  lake: Lake,
  root: Root,
  options: UpdateOptions,
  onRead: (read: number) => void,
): Promise<Updated | undefined> {
  const version = await lake.newest()
  const before = await standing(version)
  const asking = await openAsking(lake, version, options.limits)
  try {
    const location = options.locations.of(root.source)
    const floor = await floorOf(asking, root, options)
    const since = new Date(floor).toISOString()
    const placed = root.root + root.region
    const known = new Map(
      (await asking.rows<DigestRow>('known', { place: placed, since })).map((row) => [row.lake_object, row]),
    )
    const ring = keyring(
      await asking.rows<KeyRow>('keys'),
      () => options.locations.clients(root.source),
      options.keyFile,
    )
    const { rows, read } = await look({ root, location, floor, known, keyOf: ring.keyOf, options, onRead })
    const changed = [...rows.values()].flatMap((row) => {
      const old = known.get(row.lake_object)
      return old && isSame(old, row) ? [] : [{ ...row, checked: (old?.checked ?? 0) + 1 }]
    })
    const keys = ring.fresh()
    if (changed.length === 0 && keys.length === 0) return { read, written: 0 }
    const done = await append(lake, 'digests', async (base) => {
      if ((await standing(base)) !== before) return undefined
      return {
        rows: [
          { table: digestTable, rows: changed as unknown as NewRow[] },
          { table: digestKeyTable, rows: keys as unknown as NewRow[] },
        ],
      }
    })
    return done ? { read, written: changed.length } : undefined
  } finally {
    asking.close()
  }
}

/** The time from which digests are read, in milliseconds since 1970. */
async function floorOf(
  asking: Asking,
  { root, region, first }: Root,
  { whole, since }: UpdateOptions,
): Promise<number> {
  const begin =
    since === undefined ? Date.parse(`${first}T00:00:00Z`) - DAY_MS : Date.parse(`${since}T00:00:00Z`)
  if (whole) return begin
  const heads = await asking.rows<{ head: string }>('heads', { place: root + region })
  if (heads.length === 0) return begin
  // The chain that is furthest behind may have ended years ago, so the newest decides.
  const newest = Math.max(...heads.map(({ head }) => Date.parse(head)))
  return Math.max(begin, newest - LATE_MS)
}

interface Look {
  root: Root
  location: Location
  floor: number
  known: ReadonlyMap<string, DigestRow>
  keyOf: KeyOf
  options: UpdateOptions
  onRead(read: number): void
}

async function look({ root, location, floor, known, keyOf, options, onRead }: Look) {
  const how = { keyOf, moved: options.moved ?? [] }
  const rows = new Map(known)
  const there = new Set<string>()
  let read = 0
  const readOne = async (uri: string) => {
    const key = digestKey(uri)
    if (!key) return
    const found = await location.read(uri)
    if (!found) return
    rows.set(uri, await judge(uri, key, found, how))
    there.add(uri)
    onRead(++read)
  }
  const day = new Date(floor).toISOString().slice(0, 10).replaceAll('-', '/')
  const folder = `${root.root}${root.region}/`
  for await (const uri of location.list(folder, `${folder}${day}`)) {
    const key = digestKey(uri)
    if (!key || parseTimestamp(key.stamp) < floor) continue
    there.add(uri)
    if (options.whole || known.get(uri)?.state !== 'valid') await readOne(uri)
  }
  for (const row of known.values())
    if (!there.has(row.lake_object) && row.state !== 'missing')
      // Its content stays valid: it was read while the digest existed.
      rows.set(row.lake_object, {
        ...row,
        state: 'missing',
        reason: 'it was there, and is not any more',
        document: row.state === 'valid' ? row.document : null,
      })
  for (;;) {
    const absent = await judgeByNext(rows, { keyOf })
    const wanted = [...absent].filter(([uri]) => {
      const key = digestKey(uri)
      return key !== undefined && parseTimestamp(key.stamp) >= floor
    })
    if (wanted.length === 0) return { rows, read }
    for (const [uri, next] of wanted) {
      await readOne(uri)
      const key = digestKey(uri)
      if (key && !rows.has(uri)) rows.set(uri, { ...nameOf(uri, key), reason: `${next} names it` })
    }
  }
}

function isSame(a: DigestRow, b: DigestRow): boolean {
  return a.state === b.state && a.reason === b.reason && a.sha256 === b.sha256 && a.signature === b.signature
}
