/** What a person would run in the engine's place of the mirror, where loglake may not call Glue. */
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { type PortableView, readableViews } from '../../query/portable/views.ts'
import type { MirrorSettings } from './settings.ts'
import { wantedTables, wantedViews } from './wanted.ts'

export const DDL_KINDS = ['glue', 'trino', 'spark'] as const
export type DdlKind = (typeof DDL_KINDS)[number]

interface Printing {
  lake: Lake
  version: LakeVersion
  settings: MirrorSettings
  views: readonly PortableView[]
}

/** Tables are named by their metadata file, so this is to be run again after each commit that is to be seen. */
export async function ddlOf(kind: DdlKind, printing: Printing): Promise<string> {
  return kind === 'glue' ? await glueScript(printing) : await procedures(kind, printing)
}

/** A shell script of the AWS CLI. */
async function glueScript({ lake, version, settings, views }: Printing): Promise<string> {
  const { database, catalog_id: catalog } = settings
  const wanted = [
    ...(await wantedTables(lake, version)),
    ...(settings.views ? wantedViews(version, views, settings) : []),
  ]
  const lines = [
    '#!/bin/sh',
    `# Version ${version.number} of ${lake.storage.root}, for \`sh\`: makes what is not there, and moves on what is.`,
    'set -e',
    'put() {',
    '  aws glue create-table --cli-input-json "$1" 2>/dev/null || aws glue update-table --skip-archive --cli-input-json "$1"',
    '}',
    `aws glue create-database --database-input ${shell(JSON.stringify({ Name: database }))} 2>/dev/null || true`,
    ...wanted.map(({ input }) => {
      const asked = {
        ...(catalog === undefined ? {} : { CatalogId: catalog }),
        DatabaseName: database,
        TableInput: input,
      }
      return `put ${shell(JSON.stringify(asked))}`
    }),
  ]
  return `${lines.join('\n')}\n`
}

/** Calls of Iceberg's procedures, and views. */
async function procedures(
  kind: 'trino' | 'spark',
  { lake, version, settings, views }: Printing,
): Promise<string> {
  const { database } = settings
  const tables = await wantedTables(lake, version)
  const calls = tables.flatMap(({ name, input }) => {
    const at = String(input.Parameters.metadata_location)
    const folder = String(input.StorageDescriptor?.Location)
    const file = at.slice(at.lastIndexOf('/') + 1)
    return kind === 'trino'
      ? [
          `CALL system.unregister_table(schema_name => ${text(database)}, table_name => ${text(name)});`,
          `CALL system.register_table(schema_name => ${text(database)}, table_name => ${text(name)}, table_location => ${text(folder)}, metadata_file_name => ${text(file)});`,
        ]
      : [
          `DROP TABLE IF EXISTS ${database}.${name}; -- never with PURGE: the files are the lake's`,
          `CALL system.register_table(table => ${text(`${database}.${name}`)}, metadata_file => ${text(at)});`,
        ]
  })
  const made = inOrder(readableViews(views, version.catalog.tables)).flatMap(({ name, sql }) =>
    sql[kind] === undefined ? [] : [`CREATE OR REPLACE VIEW ${database}.${name} AS\n${sql[kind]};`],
  )
  const head = `-- Version ${version.number} of ${lake.storage.root}. Before the first time, a table need not be taken away.`
  return `${[head, ...calls, ...made].join('\n')}\n`
}

/** Engines look into a view when it is made: those that it asks come before it. */
function inOrder(views: readonly PortableView[]): PortableView[] {
  const ordered = new Set<PortableView>()
  const visit = (view: PortableView): void => {
    if (ordered.has(view)) return
    const words = new Set(JSON.stringify(view.sql).match(/\w+/g))
    for (const other of views) if (other !== view && words.has(other.name) && !asks(other, view)) visit(other)
    ordered.add(view)
  }
  for (const view of views) visit(view)
  return [...ordered]
}

function asks(one: PortableView, other: PortableView): boolean {
  return new RegExp(`\\b${other.name}\\b`).test(JSON.stringify(one.sql))
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

function shell(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`
}
