import { existsSync, statSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { type Config, type Configured, readConfig } from '../config/config.ts'
import { type Lake, openLake } from '../lake/lake.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { localStorage } from '../lake/storage/local.ts'
import { s3Storage } from '../lake/storage/s3.ts'
import { isS3 } from '../lake/storage/s3-location.ts'
import { UserError } from '../lib/errors.ts'
import type { Definition } from '../onboard/definition.ts'
import { definitionsOf, tablesWith } from './logtypes.ts'

export interface Opened {
  lake: Lake
  /** The lake's location, relative to the working directory. */
  location: string
  config: Configured
  /** The user's log types. */
  definitions: readonly Definition[]
}

/**
 * Opens the lake that the options or the configuration name, even if it does not exist yet.
 *
 * @param afresh ignores copies that were made on this machine before
 */
export function openLocation(options: CommonOptions, afresh = false): Opened {
  const config = readConfig(options.config)
  const named = options.lake ?? config.values.lake
  if (named === '') throw new UserError('--lake names no folder')
  const storage = storageAt(named, config.values, afresh)
  const definitions = definitionsOf(config)
  const lake = openLake(storage, tablesWith(definitions))
  return { lake, location: isS3(named) ? storage.root : locationName(named), config, definitions }
}

function storageAt(named: string, { storage }: Config, afresh: boolean): Storage {
  if (!isS3(named)) {
    if (!/^\w+:\/\//.test(named)) {
      refuseFile(named)
      return localStorage(named)
    }
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

/** A file in the lake's place would be told as a lake that is missing, or cannot be written. */
function refuseFile(named: string): void {
  let path = resolve(named)
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path)
  if (existsSync(path) && !statSync(path).isDirectory())
    throw new UserError(`a lake lies in a folder, or in s3://bucket/prefix: ${locationName(path)} is a file`)
}

/** Like `openLocation`, for a command that needs an existing lake. */
export async function openExisting(options: CommonOptions, afresh = false): Promise<Opened> {
  const opened = openLocation(options, afresh)
  if (await opened.lake.exists()) return opened
  throw new UserError(
    `there is no lake in ${opened.location}: make one with \`loglake ingest\`, or name another with --lake`,
  )
}

/** The shortest form of a path from the working directory. */
function locationName(path: string): string {
  const near = relative('', resolve(path))
  return near === '' ? '.' : near.startsWith('..') ? resolve(path) : near
}

/** Options of every command. */
export interface CommonOptions {
  lake?: string
  config?: string
}
