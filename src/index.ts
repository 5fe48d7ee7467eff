/** loglake as a library: the same parts that the command line is made of. */

export type { Candidate, Detector, NewRows, Rule } from './detect/contract.ts'
export { detect } from './detect/follower.ts'
export { type DetectSettings, detectDefaults } from './detect/settings.ts'
export { sigmaDetector } from './detect/sigma/detector.ts'
export { loadRuleFiles, packageRules } from './detect/sigma/files.ts'
export { loadRules } from './detect/sigma/load.ts'
export { sigmaTables } from './detect/sigma/tables.ts'
export type { DetectOptions } from './detect/turn.ts'
export type { Changes, Follower, Work } from './follow/contract.ts'
export { catchUp, type FollowOptions, openFollowing, type Turn } from './follow/follow.ts'
export { replay } from './follow/replay.ts'
export { followersOf } from './follow/standing.ts'
export { followers, followerTables } from './followers/index.ts'
export { ingest } from './ingest/ingest.ts'
export { commitOptions, type IngestOptions } from './ingest/session.ts'
export { emptyTotals, type Totals } from './ingest/totals.ts'
export { compact } from './lake/compact.ts'
export { type Lake, openLake } from './lake/lake.ts'
export { isStopped, resumeSource, stopSource } from './lake/stop.ts'
export { localStorage } from './lake/storage/local.ts'
export { s3Storage } from './lake/storage/s3.ts'
export { vacuum } from './lake/vacuum.ts'
export { logTypes } from './logtypes/index.ts'
export { allLogTypes, type Onboarded } from './onboard/logtype.ts'
export { readLogTypes } from './onboard/read.ts'
export type { Answer } from './query/answer.ts'
export { type Found, find } from './query/find/find.ts'
export { ownViews } from './query/own-views.ts'
export { ask, openQueryEngine, type QueryEngine } from './query/question.ts'
export { type View, viewsIn } from './query/view.ts'
export type { Passage, Scorer } from './scan/contract.ts'
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
export { lakeTables, logTables, tableOf } from './tables/index.ts'
export { appendLog } from './witness/append.ts'
export { checkLog } from './witness/check.ts'
export { fileSigner } from './witness/signer.ts'
export { checkOnboarded } from './workspace/check.ts'
