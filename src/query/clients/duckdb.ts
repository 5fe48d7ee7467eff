import type { Lake } from '../../lake/lake.ts'
import { SQL_TYPE, type TableDefinition } from '../../lake/table.ts'
import { type LakeVersion, rowsIn } from '../../lake/version.ts'
import { openEngine } from '../../lib/duckdb.ts'
import { identifier, literal } from '../../lib/sql.ts'
import { functionsScript } from '../own-functions.ts'
import { selectFrom } from '../question-tables.ts'
import type { View } from '../view.ts'
import { createViews } from '../view-engine.ts'
import { isInBucket, pathOf } from './location.ts'

/** How the client reaches a bucket. */
export interface BucketAccess {
  region?: string | undefined
  endpoint?: string | undefined
}

/**
 * A script that gives any DuckDB the tables of one lake version, loglake's functions, and the views. It can
 * run again in the same database for a newer version.
 */
export async function duckdbScript(
  lake: Lake,
  version: LakeVersion,
  views: readonly View[],
  access: BucketAccess = {},
): Promise<string> {
  const parts = [
    `-- Version ${version.number} of the lake, committed at ${version.catalog.at}. Run \`loglake connect\` again for a newer one.`,
    "set timezone = 'UTC';",
    ...(isInBucket(lake) ? [bucketScript(access)] : []),
    functionsScript(),
  ]
  for (const definition of lake.tables.values())
    parts.push(
      `create or replace view ${identifier(definition.name)} as ${await tableOf(lake, version, definition)};`,
    )
  for (const { schema, name, sql } of await ordered(lake, views)) {
    if (schema !== 'main') parts.push(`create schema if not exists ${identifier(schema)};`)
    // A newline before the semicolon, because the text may end in a comment.
    parts.push(`create or replace view ${identifier(schema)}.${identifier(name)} as ${sql.trimEnd()}\n;`)
  }
  return `${parts.join('\n')}\n`
}

/** The client uses its own AWS configuration, so that a script holds no secret. */
function bucketScript({ region, endpoint }: BucketAccess): string {
  const named = [
    'type s3',
    'provider credential_chain',
    ...(region === undefined ? [] : [`region ${literal(region)}`]),
    ...(endpoint === undefined ? [] : endpointOf(endpoint)),
  ]
  return `install httpfs;\nload httpfs;\ninstall aws;\nload aws;\ncreate or replace secret loglake (${named.join(', ')});`
}

function endpointOf(url: string): string[] {
  const { host, protocol } = new URL(url)
  return [`endpoint ${literal(host)}`, "url_style 'path'", `use_ssl ${protocol === 'https:'}`]
}

async function tableOf(lake: Lake, version: LakeVersion, definition: TableDefinition): Promise<string> {
  const table = await version.table(definition.name)
  const files = (await table?.files()) ?? []
  if (table && files.length > 0) {
    const paths = files.map(({ path }) => pathOf(lake, table.keyOf(path)))
    return selectFrom({ paths, rows: rowsIn(files) }, table, definition)
  }
  const nothing = definition.columns.map(({ name, type }) => `null::${SQL_TYPE[type]} as ${identifier(name)}`)
  return `select ${nothing.join(', ')} where false`
}

/** Orders views after the views that they ask. */
async function ordered(lake: Lake, views: readonly View[]): Promise<View[]> {
  const engine = await openEngine({ threads: 1 })
  try {
    return await createViews(engine, lake.tables.values(), views)
  } finally {
    engine.close()
  }
}
