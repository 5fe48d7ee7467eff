import type { KeyObject, X509Certificate } from 'node:crypto'
import { catalogHash } from '../lake/catalog.ts'
import type { Lake } from '../lake/lake.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { type Finding, findingOf } from '../lake/verify/findings.ts'
import { sentence } from '../lib/errors.ts'
import { checkpointKey, originOf } from './append.ts'
import { entryOf, readCommit } from './commits.ts'
import { type Checkpoint, openCheckpoint } from './note.ts'
import { stampsIn } from './stamp/verify.ts'
import { LOG, openTiles } from './tiles.ts'
import { consistencyPath, inMemory, isConsistent, leafHash } from './tree.ts'

export interface LogChecked {
  size: number
  /** Hex. */
  root: string
  /** Number of checkpoints that the newest extends: in the lake, and in the copy. */
  checkpoints: number
  copies: number
  /** Number of checkpoints with an authority's time stamp, and the newest of these times. */
  stamps: number
  stamped: string | null
  findings: Finding[]
}

const RESTORE = 'restore the files of `log/` from a backup; what cannot be restored is proved no more'

/**
 * Checks the log against itself, against the lake, and against copies of checkpoints.
 *
 * @param copy where checkpoints were copied to
 * @param trusted certificates in which the stamps' chains must end; without any, only the authority's own
 * signature is checked
 */
export async function checkLog(
  lake: Lake,
  key: KeyObject,
  copy?: Storage,
  trusted: readonly X509Certificate[] = [],
): Promise<LogChecked> {
  const findings: Finding[] = []
  const wrong = (code: string, file: string, message: string, remedy = RESTORE) =>
    findings.push({ severity: 'wrong', code, file, message, remedy })
  const { catalog } = await lake.newest()
  const origin = originOf(catalog.lake)
  const own = await checkpointsIn(lake.storage, `${LOG}/checkpoints`, origin, key, wrong)
  const kept = copy ? await checkpointsIn(copy, `${catalog.lake}/checkpoints`, origin, key, wrong) : []
  const newest = [...own].sort((a, b) => a.size - b.size).at(-1)
  if (!newest) {
    if (kept.length > 0) wrong('log-lost', LOG, 'the log is gone, and checkpoints of it are in the copy')
    return { size: 0, root: '', checkpoints: 0, copies: 0, stamps: 0, stamped: null, findings }
  }
  const proved = { size: newest.size, root: newest.root.toString('hex') }
  try {
    await checkTree(lake, newest, wrong)
    await checkLeaves(lake, newest.size, wrong)
    const checkpoints = await checkOlder(lake.storage, newest, own, wrong, checkpointKey)
    const copies = await checkOlder(
      lake.storage,
      newest,
      kept,
      wrong,
      (size) => `the copy of checkpoint ${size}`,
    )
    const stamps = await checkStamps(
      { storage: lake.storage, lake, prefix: LOG },
      newest.size,
      trusted,
      findings,
    )
    if (copy) await checkStamps({ storage: copy, lake, prefix: catalog.lake }, newest.size, trusted, findings)
    return { ...proved, checkpoints, copies, ...stamps, findings }
  } catch (thrown) {
    findings.push(findingOf(thrown, 'log-unreadable', LOG))
    return { ...proved, checkpoints: 0, copies: 0, stamps: 0, stamped: null, findings }
  }
}

type Wrong = (code: string, file: string, message: string, remedy?: string) => void

async function checkpointsIn(
  storage: Storage,
  folder: string,
  origin: string,
  key: KeyObject,
  wrong: Wrong,
): Promise<Checkpoint[]> {
  const found: Checkpoint[] = []
  for await (const { key: name } of storage.list(folder)) {
    const size = /\/(\d+)$/.exec(name)?.[1]
    if (size === undefined) continue
    try {
      const checkpoint = openCheckpoint(Buffer.from(await storage.read(name)).toString(), [key])
      if (checkpoint.origin !== origin) throw new Error(`it is of ${checkpoint.origin}`)
      if (checkpoint.size !== Number(size)) throw new Error(`it is of ${checkpoint.size} leaves`)
      found.push(checkpoint)
    } catch (thrown) {
      wrong('checkpoint-unsound', name, `a checkpoint is not sound: ${sentence(thrown)}`)
    }
  }
  return found
}

/** Leaves, tiles and root form one tree. */
async function checkTree({ storage }: Lake, { size, root }: Checkpoint, wrong: Wrong): Promise<void> {
  const tiles = openTiles(storage, size)
  const leaves: Buffer[] = []
  for (let at = 0; at < size; at++) leaves.push(leafHash(await tiles.entry(at)))
  const own = await inMemory(leaves)(0, size)
  if (!own.equals(root))
    wrong('log-altered', LOG, 'the entries of the log are not those that its checkpoint signs')
  else if (!(await tiles.hash(0, size)).equals(root))
    wrong('log-altered', LOG, 'the hashes of the log are not those of its entries')
}

/** Each leaf matches the record of its commit, and the lake's version while it exists. */
async function checkLeaves(lake: Lake, size: number, wrong: Wrong): Promise<void> {
  const tiles = openTiles(lake.storage, size)
  const { lake: id, from } = JSON.parse((await tiles.entry(0)).toString()) as { lake: string; from: number }
  const newest = await lake.newest()
  if (id !== newest.catalog.lake) wrong('log-of-another', LOG, `the log is of the lake ${id}`)
  const live = new Set<string>()
  let isComplete = from === 1
  for (let at = 1; at < size; at++) {
    const version = from + at - 1
    const entry = await tiles.entry(at)
    const commit = await readCommit(lake, version)
    if (!commit || !(await entryOf(commit)).equals(entry)) {
      wrong(
        'log-commit-altered',
        `${LOG}/commits/${version}.json.gz`,
        `the record of version ${version} differs from what was logged`,
      )
      isComplete = false
      continue
    }
    isComplete &&= commit.seen
    for (const text of commit.files) {
      const [table, what, key] = JSON.parse(text) as [string, string, string]
      if (what === 'added') live.add(`${table} ${key}`)
      else live.delete(`${table} ${key}`)
    }
    const there = await lake.at(version).catch(() => undefined)
    if (there && commit.seen && catalogHash(there.catalog) !== commit.catalog)
      wrong(
        'version-altered',
        `catalog/v${version}.json`,
        `version ${version} is another than the one that was logged`,
      )
  }
  const last = from + size - 2
  const logged = isComplete ? await lake.at(last).catch(() => undefined) : undefined
  if (!logged) return
  for (const name of Object.keys(logged.catalog.tables)) {
    const table = await logged.table(name)
    for (const { path } of (await table?.files()) ?? []) {
      const key = `${name} ${table?.keyOf(path)}`
      if (!live.delete(key))
        wrong('file-unlogged', path, `a data file of ${name} came into the lake without a leaf`)
    }
  }
  for (const key of live) wrong('file-lost', key, 'a data file was taken out of the lake without a leaf')
}

async function checkOlder(
  storage: Storage,
  newest: Checkpoint,
  older: readonly Checkpoint[],
  wrong: Wrong,
  nameOf: (size: number) => string,
): Promise<number> {
  const tiles = openTiles(storage, newest.size)
  let consistent = 0
  for (const { size, root } of older) {
    const isOne =
      size <= newest.size &&
      isConsistent(
        [size, root],
        [newest.size, newest.root],
        await consistencyPath(size, newest.size, tiles.hash),
      )
    if (isOne) consistent++
    else
      wrong(
        'log-forked',
        nameOf(size),
        `the log does not go on from its checkpoint of ${size} leaves: it was rewritten`,
      )
  }
  return consistent
}

const ASK_AGAIN =
  'a stamp that is damaged is restored from a backup or the copy of the log; else this checkpoint has no time that is not yours. ' +
  'Where the authority has a new root, add its certificate to the file of `log.stamp_ca`'

/** Tolerated clock difference in a commit's time. */
const CLOCK_MS = 5 * 60_000

async function checkStamps(
  { storage, lake, prefix }: { storage: Storage; lake: Lake; prefix: string },
  size: number,
  trusted: readonly X509Certificate[],
  findings: Finding[],
): Promise<Pick<LogChecked, 'stamps' | 'stamped'>> {
  const tiles = openTiles(lake.storage, size)
  let [stamps, newestMs] = [0, 0]
  for await (const found of stampsIn(storage, prefix, trusted)) {
    const file = `${storage.root}/${found.key}`
    if (found.kind === 'wrong') {
      const message = sentence(found.why).split('\n')[0] as string
      findings.push({ severity: 'wrong', code: 'stamp-unsound', file, message, remedy: ASK_AGAIN })
      continue
    }
    stamps++
    newestMs = Math.max(newestMs, found.stamp.timeMs)
    const leaf = found.size > 1 && found.size <= size ? await tiles.entry(found.size - 1) : undefined
    const { at } = JSON.parse(leaf?.toString() ?? '{"at":null}') as { at: string | null }
    if (at !== null && Date.parse(at) > found.stamp.timeMs + CLOCK_MS)
      findings.push({
        severity: 'warning',
        code: 'stamp-early',
        file,
        message: `a commit of ${at} was stamped at ${new Date(found.stamp.timeMs).toISOString()}, before it was made`,
        remedy: "see whether the writer's clock is right; if it is, the authority's is not",
      })
  }
  if (stamps > 0 && trusted.length === 0)
    findings.push({
      severity: 'warning',
      code: 'stamp-unanchored',
      file: `${storage.root}/${prefix}/stamps`,
      message: `${stamps} time stamps are by an authority that no trusted certificate vouches for`,
      remedy: "get the authority's root certificate from itself, and name it as `log.stamp_ca`",
    })
  return { stamps, stamped: newestMs === 0 ? null : new Date(newestMs).toISOString() }
}
