/**
 * The read half of the Iceberg REST catalog, without HTTP: which namespaces, tables and views there are, and what an engine loads to
 * read one. An engine that has this reads the data files by itself, with credentials of its own: so it is for readers who see every
 * row. https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml
 */
import { type PortableView, readableViews, viewMetadata } from '../query/portable/views.ts'
import type { Caller } from './call.ts'
import type { Services } from './context.ts'
import { notAllowed, Problem } from './problem.ts'
import { seesEveryRow } from './rights.ts'

/** The one namespace: what a lake is called where several lie side by side. */
export const NAMESPACE = 'loglake'
/** What a token must be for. */
const SCOPE = 'iceberg'

/** What this catalog answers to; engines ask for nothing else, then. */
export const ENDPOINTS = [
  'GET /v1/{prefix}/namespaces',
  'GET /v1/{prefix}/namespaces/{namespace}',
  'HEAD /v1/{prefix}/namespaces/{namespace}',
  'GET /v1/{prefix}/namespaces/{namespace}/tables',
  'GET /v1/{prefix}/namespaces/{namespace}/tables/{table}',
  'HEAD /v1/{prefix}/namespaces/{namespace}/tables/{table}',
  'GET /v1/{prefix}/namespaces/{namespace}/views',
  'GET /v1/{prefix}/namespaces/{namespace}/views/{view}',
  'HEAD /v1/{prefix}/namespaces/{namespace}/views/{view}',
] as const

export interface IcebergCatalog {
  namespaces(): Promise<string[]>
  tables(): Promise<string[]>
  /** What `GET …/tables/{t}` answers; undefined when there is no such table. */
  table(name: string, snapshots: 'all' | 'refs'): Promise<object | undefined>
  views(): Promise<string[]>
  /** @param catalog what the engine calls this catalog: names in the view's SQL are looked up in it */
  view(name: string, catalog: string): Promise<object | undefined>
}

/**
 * The catalog as one reader sees it, at the newest version of the lake. Each call is recorded as any other question is.
 *
 * @throws Problem 403 when the reader does not see every row, or the token is for something else
 */
export async function icebergCatalog(
  { lake, accessLog, portableViews }: Pick<Services, 'lake' | 'accessLog' | 'portableViews'>,
  { reader, address, requestId }: Omit<Caller, 'signal'>,
): Promise<IcebergCatalog> {
  const log = (operation: string, outcome: string, input: object, version: number | null = null) =>
    accessLog.write({ operation, outcome, input, seen: {}, version, reader, address, requestId })
  const { tokenScopes: scopes } = reader
  const sees = seesEveryRow(reader)
  if (!sees || (scopes !== undefined && !scopes.includes(SCOPE))) {
    await log('iceberg', 'refused', {})
    if (!sees) throw notAllowed(reader.role, 'engines read whole tables, with every row and no mask')
    throw new Problem(403, 'Not allowed', `This token is not for ${SCOPE}.`)
  }
  const version = await lake.newest()
  const names = Object.keys(version.catalog.tables).sort()
  const views = async () =>
    readableViews(await portableViews(), version.catalog.tables).sort((a, b) => (a.name < b.name ? -1 : 1))
  return {
    namespaces: async () => [NAMESPACE],
    tables: async () => names,
    async table(name, snapshots) {
      const table = await version.table(name)
      if (!table) return undefined
      await log('iceberg-table', 'shown', { table: name }, version.number)
      const { metadata, entry } = table
      const current = metadata['current-snapshot-id']
      const kept = new Set([current, ...Object.values(metadata.refs).map((ref) => ref['snapshot-id'])])
      return {
        'metadata-location': `${metadata.location}/${entry.metadata}`,
        metadata:
          snapshots === 'all'
            ? metadata
            : { ...metadata, snapshots: metadata.snapshots.filter((one) => kept.has(one['snapshot-id'])) },
        config: {},
      }
    },
    views: async () => (await views()).map(({ name }) => name),
    async view(name, catalog) {
      const found = (await views()).find((one: PortableView) => one.name === name)
      if (!found) return undefined
      await log('iceberg-view', 'shown', { view: name }, version.number)
      const location = `${lake.storage.root}/views/${name}`
      const metadata = viewMetadata(found, { catalog, namespace: NAMESPACE, location })
      return { 'metadata-location': `${location}/metadata/v1.metadata.json`, metadata, config: {} }
    },
  }
}
