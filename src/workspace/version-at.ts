import { catalogKey, isFree, isGivenUp, readCatalog } from '../lake/catalog.ts'
import type { Lake } from '../lake/lake.ts'
import { versionNumbered } from '../lake/numbered.ts'
import type { LakeVersion } from '../lake/version.ts'
import { LakeError, UserError } from '../lib/errors.ts'
import { parseTimestamp } from '../lib/timestamp.ts'
import { isoTime } from '../query/values.ts'

/**
 * An earlier version of the lake: by its number, or the newest one at a time.
 *
 * @throws UserError when there is none, or a vacuum removed it
 */
export async function versionAt(lake: Lake, at: string): Promise<LakeVersion> {
  if (/^\d{1,15}$/.test(at)) return await versionNumbered(lake, Number(at))
  const micros = parseTimestamp(at, Date.now())
  if (micros === undefined)
    throw new UserError(`--at ${at}: a version is wanted, as in 3, or a time, as in 2026-01-07 or 7d`)
  return await versionNumbered(lake, await newestAt(lake, Number(micros / 1000n)))
}

/**
 * The newest version committed at or before a time. Numbers rise with times, so it is found by binary search.
 */
async function newestAt(lake: Lake, ms: number): Promise<number> {
  let above = (await lake.newest()).number + 1
  let below = 0
  while (above - below > 1) {
    const middle = Math.floor((above + below) / 2)
    const time = await committedMs(lake, middle)
    // Versions that a vacuum removed are older than all others.
    if (time === undefined || time <= ms) below = middle
    else above = middle
  }
  if (below === 0)
    throw new UserError(`the lake's first version is younger than ${isoTime(BigInt(ms) * 1000n)}`)
  return below
}

async function committedMs(lake: Lake, version: number): Promise<number | undefined> {
  if ((await isFree(lake.storage, version)) || (await isGivenUp(lake.storage, version))) return undefined
  const ms = Date.parse((await readCatalog(lake.storage, version)).at)
  if (!Number.isNaN(ms)) return ms
  throw new LakeError('the catalog does not say when it was committed', {
    file: `${lake.storage.root}/${catalogKey(version)}`,
    remedy: 'name the version by its number',
  })
}
