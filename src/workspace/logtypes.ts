import { existsSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { agentTables } from '../agent/tables.ts'
import { analysisTables } from '../analyze/tables.ts'
import { accessTable } from '../api/access-table.ts'
import type { Configured } from '../config/config.ts'
import type { DetectSettings } from '../detect/settings.ts'
import { digestTables } from '../digests/tables.ts'
import { eraseTables } from '../erase/tables.ts'
import { followerTables } from '../followers/index.ts'
import type { TableDefinition } from '../lake/table.ts'
import { ownTables } from '../ledger/tables.ts'
import { UserError } from '../lib/errors.ts'
import type { LogType } from '../logtypes/contract.ts'
import type { Definition } from '../onboard/definition.ts'
import { allLogTypes, logTypeOf } from '../onboard/logtype.ts'
import { readLogTypes } from '../onboard/read.ts'
import { viewName } from '../query/view.ts'
import { noticeTable } from '../review/reminders/table.ts'
import { reviewTable } from '../review/tables.ts'
import { tableOf } from '../tables/index.ts'
import { viewsOf } from './views.ts'

/** The tables that loglake writes itself, besides the ledger. */
const ourTables = [
  ...followerTables,
  ...digestTables,
  ...eraseTables,
  ...analysisTables,
  ...agentTables,
  accessTable,
  reviewTable,
  noticeTable,
]

/** The user's log types, in the folder that the configuration names. */
export function definitionsOf(config: Configured): Definition[] {
  const { values, file, line } = config
  const folder = values.logtypes
  if (folder === undefined) return []
  // Relative to the working directory, for errors.
  const near = relative('', resolve(folder)) || '.'
  if (!existsSync(folder)) throw new UserError(`${file}:${line('logtypes')}: there is no folder ${near}`)
  const taken = [...viewsOf(config).map(viewName), ...ourTables.map(({ name }) => name)]
  return readLogTypes(near, taken)
}

/** All log types, for commands that make no rows and therefore need no secret key. */
export function typesWith(definitions: readonly Definition[]): readonly LogType[] {
  return allLogTypes({ definitions, hashKey: '' })
}

/** Settings of detection, from the configuration and the user's log types. */
export function detectSettings(
  config: Configured,
  definitions: readonly Definition[] = definitionsOf(config),
): DetectSettings {
  const own = definitions.map((definition) => logTypeOf(definition, ''))
  return { ...config.values.detect, prices: config.values.prices, own }
}

/**
 * The tables of every log type, of the ledger, of every follower, and those in which people's decisions are
 * stored.
 */
export function tablesWith(definitions: readonly Definition[]): readonly TableDefinition[] {
  return [...typesWith(definitions).map(tableOf), ...ownTables, ...ourTables]
}
