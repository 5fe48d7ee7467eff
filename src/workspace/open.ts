import { relative, resolve } from 'node:path'
import { type Config, type Configured, readConfig } from '../config/config.ts'
import { type Lake, openLake } from '../lake/lake.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { localStorage } from '../lake/storage/local.ts'
import { s3Storage } from '../lake/storage/s3.ts'
import { isS3 } from '../lake/storage/s3-place.ts'
import { UserError } from '../lib/errors.ts'
import type { Definition } from '../onboard/definition.ts'
import { definitionsOf, tablesWith } from './logtypes.ts'

export interface Opened {
  lake: Lake
  /** The lake's place, as a person would name it from here. */
  place: string
  config: Configured
  /** The user's log types. */
  definitions: readonly Definition[]
}

/**
 * The lake that the options or the configuration name, whether or not there is one yet.
 *
 * @param afresh takes no copy that was made on this machine before
 */
export function openPlace(options: CommonOptions, afresh = false): Opened {
  const config = readConfig(options.config)
  const named = options.lake ?? config.values.lake
  if (named === '') throw new UserError('--lake names no folder')
  const storage = storageAt(named, config.values, afresh)
  const definitions = definitionsOf(config)
  const lake = openLake(storage, tablesWith(definitions))
  return { lake, place: isS3(named) ? storage.root : placeName(named), config, definitions }
}

function storageAt(named: string, { storage }: Config, afresh: boolean): Storage {
  if (!isS3(named)) {
    if (!/^\w+:\/\//.test(named)) return localStorage(named)
    throw new UserError(`a lake lies in a folder, or in s3://bucket/prefix: ${named} is neither`)
  }
  const { identity, kms_key, object_lock, cache } = storage
  return s3Storage(named, {
    identity,
    kmsKey: kms_key,
    objectLock: object_lock,
    cache: { ...cache, afresh },
  })
}

/** The same for a command that needs a lake to be there. */
export async function openExisting(options: CommonOptions, afresh = false): Promise<Opened> {
  const opened = openPlace(options, afresh)
  if (await opened.lake.exists()) return opened
  throw new UserError(
    `there is no lake in ${opened.place}: make one with \`loglake ingest\`, or name another with --lake`,
  )
}

/** A path as short as it can be said from the working directory. */
function placeName(path: string): string {
  const near = relative('', resolve(path))
  return near === '' ? '.' : near.startsWith('..') ? resolve(path) : near
}

/** What every command takes. */
export interface CommonOptions {
  lake?: string
  config?: string
}
