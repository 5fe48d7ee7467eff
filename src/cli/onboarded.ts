import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import type { Configured } from '../config/config.ts'
import { UserError } from '../lib/errors.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Definition } from '../onboard/definition.ts'
import { allLogTypes } from '../onboard/logtype.ts'
import { readLogTypes } from '../onboard/read.ts'
import { viewName } from '../query/view.ts'
import { viewsOf } from './views.ts'

/** The user's log types, in the folder that the configuration names. */
export function definitionsOf(config: Configured): Definition[] {
  const { values, file, line } = config
  const folder = values.logtypes
  if (folder === undefined) return []
  // As a person would name it from here, for errors.
  const near = relative('', resolve(folder)) || '.'
  if (!existsSync(folder)) throw new UserError(`${file}:${line('logtypes')}: there is no folder ${near}`)
  return readLogTypes(near, viewsOf(config).map(viewName))
}

/** Every log type, for commands that make no rows: no secret is needed. */
export function typesWith(definitions: readonly Definition[]): readonly LogType[] {
  return allLogTypes({ definitions, hashKey: '' })
}
