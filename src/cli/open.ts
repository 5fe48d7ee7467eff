import { relative, resolve } from 'node:path'
import { logTables } from '../ingest/tables.ts'
import { type Lake, openLake } from '../lake/lake.ts'
import { localStorage } from '../lake/storage/local.ts'
import { type Configured, readConfig } from '../lib/config.ts'
import { UserError } from '../lib/errors.ts'
import type { CommonOptions } from './options.ts'

export interface Opened {
  lake: Lake
  /** The lake's place, as a person would name it from here. */
  place: string
  config: Configured
}

/** The lake that the options or the configuration name, whether or not there is one yet. */
export function openPlace(options: CommonOptions): Opened {
  const config = readConfig(options.config)
  const folder = options.lake ?? config.values.lake
  if (folder === '') throw new UserError('--lake names no folder')
  if (/^\w+:\/\//.test(folder))
    throw new UserError(`a lake lies in a folder so far: ${folder} is no name of one`)
  return { lake: openLake(localStorage(folder), logTables), place: placeName(folder), config }
}

/** The same for a command that needs a lake to be there. */
export async function openExisting(options: CommonOptions): Promise<Opened> {
  const opened = openPlace(options)
  if (await opened.lake.exists()) return opened
  throw new UserError(
    `there is no lake in ${opened.place}: make one with \`loglake ingest\`, or name another with --lake`,
  )
}

/** A path as short as it can be said from the working directory. */
export function placeName(path: string): string {
  const near = relative('', resolve(path))
  return near === '' ? '.' : near.startsWith('..') ? resolve(path) : near
}
