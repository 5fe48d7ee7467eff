/** The mirror as a script for another catalog, which a person runs where loglake has no access to Glue. */
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { type PortableView, readableViews } from '../../query/portable/views.ts'
import type { MirrorSettings } from './settings.ts'
import { OWNER, WRITTEN, wantedTables, wantedViews } from './wanted.ts'

export const DDL_KINDS = ['glue', 'trino', 'spark'] as const
export type DdlKind = (typeof DDL_KINDS)[number]

interface Printing {
  lake: Lake
  version: LakeVersion
  settings: MirrorSettings
  views: readonly PortableView[]
}

/** Tables are registered by their metadata file, so the script must be run again to show later commits. */
export async function ddlOf(kind: DdlKind, printing: Printing): Promise<string> {
  return kind === 'glue' ? await glueScript(printing) : await procedures(kind, printing)
}

/** A shell script of AWS CLI commands. As the mirror does, it leaves what loglake did not write. */
async function glueScript({ lake, version, settings, views }: Printing): Promise<string> {
  const { database, catalog_id: catalog } = settings
  const wanted = [
    ...(await wantedTables(lake, version)),
    ...(settings.views ? wantedViews(version, views, settings) : []),
  ]
  const of = catalog === undefined ? '' : `--catalog-id ${shell(catalog)} `
  const lines = [
    '#!/bin/sh',
    `# Version ${version.number} of ${lake.storage.root}, for \`sh\`: makes what is not there, and moves on what is ours.`,
    '# What loglake did not write is left as it is, and named; the exit code is then 1.',
    'set -e',
    'left=0',
    PUT.replaceAll('OF ', `${of}--database-name ${shell(database)} `).replaceAll(
      'LAKE',
      shell(version.catalog.lake),
    ),
    `aws glue create-database ${of}--database-input ${shell(JSON.stringify({ Name: database }))} 2>/dev/null || true`,
    ...wanted.map(({ kind, name, input }) => `put ${kind} ${shell(name)} ${shell(JSON.stringify(input))}`),
    'exit $left',
  ]
  return `${lines.join('\n')}\n`
}

/**
 * Takes a kind, a name and Glue's input. A view of ours is unchanged when its text has the hash that we
 * noted.
 */
const PUT = `put() {
  fields='Table.[VersionId, Parameters.${OWNER}, Parameters.${WRITTEN}, Parameters.metadata_location]'
  if found=$(aws glue get-table OF --name "$2" --query "$fields" --output text 2>/dev/null); then
    set -- "$1" "$2" "$3" $found
    now=$7
    if [ "$1" = view ]; then
      text=$(aws glue get-table OF --name "$2" --query Table.ViewOriginalText --output text)
      now=$(printf %s "$text" | sha256sum | cut -d ' ' -f 1)
    fi
    if [ "$5" = LAKE ] && [ "$6" = "$now" ]; then
      aws glue update-table OF --skip-archive --version-id "$4" --table-input "$3"
    else
      echo "$2: left as it is, since loglake did not write it" >&2
      left=1
    fi
  else
    aws glue create-table OF --table-input "$3"
  fi
}`

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

/** Engines validate a view when it is created, so the views that it uses come before it. */
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
