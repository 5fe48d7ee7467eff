import { UserError } from '../lib/errors.ts'
import { isFree, isGivenUp } from './catalog.ts'
import type { Lake } from './lake.ts'
import type { LakeVersion } from './version.ts'

/**
 * An earlier version of the lake, by its number.
 *
 * @throws UserError when there is none, or a vacuum removed it
 */
export async function versionNumbered(lake: Lake, number: number): Promise<LakeVersion> {
  const newest = (await lake.newest()).number
  if (number < 1) throw new UserError('versions of the lake are counted from 1')
  if (number > newest) throw new UserError(`the lake has no version ${number} yet: the newest is ${newest}`)
  const given = new UserError(
    `version ${number} of the lake was given up by \`loglake vacuum\`: \`loglake versions\` lists what there is`,
  )
  if ((await isFree(lake.storage, number)) || (await isGivenUp(lake.storage, number))) throw given
  const version = await lake.at(number)
  // A version's own file may still exist, within the grace of `vacuum`, when its tables' files are gone.
  for (const { folder, metadata } of Object.values(version.catalog.tables)) {
    if ((await lake.storage.size(`${folder}/${metadata}`)) === undefined) throw given
  }
  return version
}
