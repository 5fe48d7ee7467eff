/**
 * The read half of the Iceberg REST catalog, without HTTP: lists namespaces, tables and views, and loads
 * their metadata. An engine then reads the data files itself, with its own credentials, so only readers of
 * every row may use it. https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml
 */
import { type PortableView, readableViews, viewMetadata } from '../query/portable/views.ts'
import type { Caller } from './call.ts'
import type { Services } from './context.ts'
import { notAllowed, Problem } from './problem.ts'
import { seesEveryRow } from './rights.ts'

/** The only namespace. */
export const NAMESPACE = 'loglake'
/** The scope that a token needs. */
const SCOPE = 'iceberg'

/** The endpoints of this catalog; engines use no others. */
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
  /** The answer to `GET …/tables/{t}`; undefined if the table does not exist. */
  table(name: string, snapshots: 'all' | 'refs'): Promise<object | undefined>
  views(): Promise<string[]>
  /** @param catalog the name under which the engine configured this catalog; the SQL of views uses it */
  view(name: string, catalog: string): Promise<object | undefined>
}

/**
 * The catalog for one reader, at the newest version of the lake. The access log records each call.
 *
 * @throws Problem 403 when the reader does not see every row, or the token lacks the scope
 */
export async function icebergCatalog(
  { lake, accessLog, portableViews }: Pick<Services, 'lake' | 'accessLog' | 'portableViews'>,
  { reader, address, requestId }: Omit<Caller, 'kind' | 'signal'>,
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
