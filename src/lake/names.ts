import { DAY, SEVERAL } from './table.ts'

/**
 * The names of a lake's files. `vacuum` removes files by these patterns: anything else in a lake's folder or
 * below its prefix belongs to another program. A table's files are ours only in the folders of tables that a
 * version names.
 */
const UUID = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
/** Optional, since files from before names held a hash have none. */
const HASH = '(?:\\.[0-9a-f]{64})?'
const DRAFT = `\\.draft-${UUID}`

const DATA = new RegExp(
  `^${DAY}=(?:\\d{4,}-\\d\\d-\\d\\d|none|${SEVERAL})/${UUID}${HASH}(?:\\.parquet|\\.bloom\\.puffin)$`,
)
const METADATA = new RegExp(
  `^(?:${UUID}${HASH}-m\\.avro|snap-\\d+-${UUID}${HASH}\\.avro|\\d{5,}-${UUID}${HASH}\\.metadata\\.json|${UUID}${HASH}\\.needles\\.puffin|${UUID}\\.filters\\.puffin|v\\d+\\.metadata\\.json|${DRAFT})$`,
)
const CATALOG = new RegExp(`^catalog/${DRAFT}$`)
const STAGING = new RegExp(`^staging/\\d+-${UUID}(?:/|$)`)

/** The key of a data file in a table's folder, by the path that a manifest has for it. */
export function dataKey(folder: string, path: string): string {
  return `${folder}/data/${path.split('/data/').at(-1)}`
}

/** Whether a key is one of a table's files, by its name. */
export function isTableFile(key: string, folder: string): boolean {
  const below = (part: string) => `${folder}/${part}/`
  if (key.startsWith(below('data'))) return DATA.test(key.slice(below('data').length))
  return key.startsWith(below('metadata')) && METADATA.test(key.slice(below('metadata').length))
}

/** Whether a key is a draft that a killed writer of the catalog left. */
export function isCatalogDraft(key: string): boolean {
  return CATALOG.test(key)
}

/** Whether a key is in a folder where a writer makes its files: no version ever names one. */
export function isStaged(key: string): boolean {
  return STAGING.test(key)
}
