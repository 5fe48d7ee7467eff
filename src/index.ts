/** loglake as a library: the same parts that the command line is made of. */
export { type Account, emptyAccount } from './ingest/account.ts'
export { ingest } from './ingest/ingest.ts'
export { commitOptions, type IngestOptions } from './ingest/session.ts'
export { isStopped, resumeSource, stopSource } from './ingest/stop.ts'
export { logTables, tableOf } from './ingest/tables.ts'
export { compact } from './lake/compact.ts'
export { type Lake, openLake } from './lake/lake.ts'
export { localStorage } from './lake/storage/local.ts'
export { s3Storage } from './lake/storage/s3.ts'
export { vacuum } from './lake/vacuum.ts'
export { logTypes } from './logtypes/index.ts'
export { allLogTypes, type Onboarded } from './onboard/logtype.ts'
export { readLogTypes } from './onboard/read.ts'
export { ownViews } from './query/own-views.ts'
export { type Answer, ask, type Desk, openDesk } from './query/question.ts'
export { type View, viewsIn } from './query/view.ts'
export {
  type DeadLetter,
  type Failure,
  type LogObject,
  type Source,
  type SourceDeps,
  Unreadable,
} from './sources/contract.ts'
export { folder } from './sources/folder.ts'
export { sources } from './sources/index.ts'
export * as s3Queue from './sources/s3-queue.ts'
