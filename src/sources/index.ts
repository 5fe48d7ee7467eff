import * as cloudtrailLookup from './cloudtrail-lookup.ts'
import * as cloudwatchLogs from './cloudwatch-logs.ts'
import type { Source, SourceDeps, SourceKind } from './contract.ts'
import * as folder from './folder.ts'
import * as s3 from './s3.ts'
import * as s3Queue from './s3-queue.ts'

/** All kinds of sources (`SourceKind`). A new kind is a file in this folder and a name in this list. */
export const sources: readonly SourceKind[] = [folder, s3, s3Queue, cloudtrailLookup, cloudwatchLogs]

/** A source's settings: `type`, and the settings of that type. */
export type SourceSettings = { type: string } & Record<string, unknown>

/** Opens a source of the configuration. */
export function openSource(settings: SourceSettings, deps: SourceDeps): Source {
  // The schema has checked that the settings belong to this kind.
  return kindOf(settings).open(settings as never, deps)
}

/** The kind of source that settings describe. */
export function kindOf({ type }: SourceSettings): SourceKind {
  const found = sources.find(({ name }) => name === type)
  if (!found) throw new Error(`there is no source of type ${type}`)
  return found
}
