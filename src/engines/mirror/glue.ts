/**
 * The lake's tables and views in a database of the Glue Data Catalog. A table there is a pointer to one of
 * our metadata files. Each update names the version that it replaces, so that of two concurrent updates one
 * is refused.
 *
 * The lake is the truth, and the pointer follows it. A table that loglake did not write is left alone and
 * reported: one that another program created, and one of ours that another engine has written to (its
 * metadata file is not ours, so the table has two histories).
 */

import { awsError } from '../../aws/errors.ts'
import type { Glue, GlueTable as Table } from '../../aws/glue.ts'
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import type { PortableView } from '../../query/portable/views.ts'
import type { MirrorSettings } from './settings.ts'
import { hashOf, NUMBER, OWNER, type Wanted, WRITTEN, wantedTables, wantedViews } from './wanted.ts'

export interface Mirrored {
  /** The lake's version that the catalog shows now, except for conflicts. */
  version: number
  created: string[]
  updated: string[]
  same: number
  removed: string[]
  conflicts: Conflict[]
}

export interface Conflict {
  name: string
  /** What is there instead of our table, and the remedy. */
  why: string
}

export interface Mirroring {
  lake: Lake
  glue: Glue
  settings: MirrorSettings
  views: readonly PortableView[]
  /** Names whose pointer is set back to the lake, whatever it is now. */
  putBack?: readonly string[]
}

/** Attempts at one table that others change at the same time. */
const ATTEMPTS = 4
/** Tables written at once. */
const AT_ONCE = 4

/** Makes the catalog show the newest version of the lake. */
export async function mirrorOnce(mirroring: Mirroring): Promise<Mirrored> {
  const { lake, settings, views } = mirroring
  const version = await lake.newest()
  const wanted = [
    ...(await wantedTables(lake, version)),
    ...(settings.views ? wantedViews(version, views, settings) : []),
  ]
  const there = await tablesThere(mirroring, version)
  const done: Mirrored = {
    version: version.number,
    created: [],
    updated: [],
    same: 0,
    removed: [],
    conflicts: [],
  }
  const waiting = [...wanted]
  const work = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      await put(mirroring, version, one, there.get(one.name), done)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const names = new Set(wanted.map(({ name }) => name))
  for (const table of there.values())
    if (!names.has(String(table.Name))) await removeView(mirroring, version, table, done)
  done.conflicts.sort((a, b) => (a.name < b.name ? -1 : 1))
  return done
}

/** The tables of the database, by name. The database is created when it does not exist. */
async function tablesThere(mirroring: Mirroring, { catalog }: LakeVersion): Promise<Map<string, Table>> {
  const { glue, settings } = mirroring
  const { database, catalog_id: CatalogId } = settings
  const found = new Map<string, Table>()
  if (await databaseMade(mirroring, catalog.lake)) return found
  try {
    let NextToken: string | undefined
    do {
      const page = await glue.getTables({ CatalogId, DatabaseName: database, MaxResults: 100, NextToken })
      for (const table of page.TableList ?? []) found.set(String(table.Name), table)
      NextToken = page.NextToken
    } while (NextToken)
    return found
  } catch (thrown) {
    throw awsError('read the database', `glue:${database}`, thrown)
  }
}

/** Whether the database was just created. */
async function databaseMade({ glue, settings }: Mirroring, lake: string): Promise<boolean> {
  const { database, catalog_id: CatalogId, create_database: mayCreate } = settings
  try {
    await glue.getDatabase({ CatalogId, Name: database })
    return false
  } catch (thrown) {
    if (named(thrown) !== 'EntityNotFoundException' || !mayCreate)
      throw awsError('find the database', `glue:${database}`, thrown)
  }
  const Description = 'Audit logs, as loglake keeps them. Read only: loglake alone writes.'
  const DatabaseInput = { Name: database, Description, Parameters: { [OWNER]: lake } }
  try {
    await glue.createDatabase({ CatalogId, DatabaseInput })
    return true
  } catch (thrown) {
    if (named(thrown) === 'AlreadyExistsException') return false
    throw awsError('make the database', `glue:${database}`, thrown)
  }
}

async function put(
  mirroring: Mirroring,
  version: LakeVersion,
  wanted: Wanted,
  listed: Table | undefined,
  done: Mirrored,
): Promise<void> {
  const { glue, settings, putBack = [] } = mirroring
  const place = { CatalogId: settings.catalog_id, DatabaseName: settings.database }
  let there = listed
  for (let attempt = 1; ; attempt++) {
    const verdict = compare(wanted, there, version.catalog.lake, putBack.includes(wanted.name))
    if (verdict === 'same') {
      done.same++
      return
    }
    if (typeof verdict === 'object') {
      done.conflicts.push({ name: wanted.name, why: verdict.why })
      return
    }
    try {
      if (verdict === 'create') {
        await glue.createTable({ ...place, TableInput: wanted.input })
        done.created.push(wanted.name)
      } else {
        await glue.updateTable({
          ...place,
          // Parameters that others have set are kept.
          TableInput: {
            ...wanted.input,
            Parameters: { ...there?.Parameters, ...wanted.input.Parameters },
          },
          VersionId: there?.VersionId,
          SkipArchive: true,
        })
        done.updated.push(wanted.name)
      }
      return
    } catch (thrown) {
      const another = [
        'ConcurrentModificationException',
        'AlreadyExistsException',
        'EntityNotFoundException',
      ].includes(named(thrown))
      if (!another) throw awsError(`mirror ${wanted.name}`, `glue:${settings.database}`, thrown)
      if (attempt === ATTEMPTS) {
        const why = 'other programs keep changing it: it is tried again'
        done.conflicts.push({ name: wanted.name, why })
        return
      }
      there = await glue.getTable({ ...place, Name: wanted.name }).then(
        ({ Table: found }) => found,
        (missing) => {
          if (named(missing) === 'EntityNotFoundException') return undefined
          throw awsError(`read ${wanted.name}`, `glue:${settings.database}`, missing)
        },
      )
    }
  }
}

/** The action for one table, by its state in the catalog. */
function compare(
  wanted: Wanted,
  there: Pick<Table, 'Parameters' | 'ViewOriginalText'> | undefined,
  lake: string,
  putBack = false,
): 'create' | 'update' | 'same' | { why: string } {
  if (!there) return 'create'
  const { Parameters: parameters = {}, ViewOriginalText: text = '' } = there
  const { name, input, kind } = wanted
  if (parameters[OWNER] !== lake) {
    const whose = parameters[OWNER] === undefined ? 'loglake did not make' : 'another lake has made'
    return {
      why: `a ${kind} ${name} is there that ${whose}: remove it, or choose another \`mirror.database\``,
    }
  }
  const now = kind === 'table' ? parameters.metadata_location : hashOf(text)
  if (now !== parameters[WRITTEN] && !putBack) {
    return {
      why:
        kind === 'table'
          ? `another engine has written to it: it points to ${now}, which is not a file of the lake. See what it wrote; \`loglake mirror --put-back ${name}\` makes it show the lake again`
          : `another program has changed it: \`loglake mirror --put-back ${name}\` makes it loglake's again`,
    }
  }
  if (now === input.Parameters[WRITTEN] && parameters[WRITTEN] === now) return 'same'
  const ahead = Number(parameters[NUMBER] ?? 0) > Number(input.Parameters[NUMBER])
  // Another mirror has set a newer version meanwhile: going back would be wrong.
  return ahead && !putBack ? 'same' : 'update'
}

/**
 * Removes a view that no longer exists in the lake, if we created it and it is unchanged. Tables are never
 * removed.
 */
async function removeView(
  { glue, settings }: Mirroring,
  { catalog, number }: LakeVersion,
  { Name, TableType, Parameters: parameters = {}, ViewOriginalText: text = '' }: Table,
  done: Mirrored,
): Promise<void> {
  const isOurs = TableType === 'VIRTUAL_VIEW' && parameters[OWNER] === catalog.lake
  if (!isOurs || parameters[WRITTEN] !== hashOf(text) || Number(parameters[NUMBER]) > number) return
  const { database: DatabaseName, catalog_id: CatalogId } = settings
  await glue.deleteTable({ CatalogId, DatabaseName, Name }).catch((thrown) => {
    if (named(thrown) !== 'EntityNotFoundException')
      throw awsError(`remove the view ${Name}`, `glue:${DatabaseName}`, thrown)
  })
  done.removed.push(String(Name))
}

function named(thrown: unknown): string {
  return String((thrown as { name?: unknown } | undefined)?.name)
}
