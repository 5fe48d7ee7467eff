/** The lake's own parts, for those who build tools on its tables. */

export type { LakeChange } from './change.ts'
export { plannedMetadata, type TableChange } from './change.ts'
export { type DataFile, fromBytes, type Predicate, toStored } from './iceberg/index.ts'
export type { Lake } from './lake.ts'
export { readParquet } from './parquet.ts'
export type { LakeVersion, TableVersion } from './version.ts'
