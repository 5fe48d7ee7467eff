/** loglake as a library: the same parts that the command line is made of. */
export type { Account } from './ingest/account.ts'
export { ingest } from './ingest/ingest.ts'
export type { IngestOptions } from './ingest/session.ts'
export { logTables } from './ingest/tables.ts'
export { type Lake, openLake } from './lake/lake.ts'
export { localStorage } from './lake/storage/local.ts'
export { folder } from './sources/folder.ts'
