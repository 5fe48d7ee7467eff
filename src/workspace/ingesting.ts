import type { IngestOptions } from '../ingest/session.ts'
import type { Lake } from '../lake/lake.ts'
import { hashKeyFor } from '../onboard/hash-key.ts'
import { checkOnboarded } from './check.ts'
import { memoryText } from './limits.ts'
import { wantedNames } from './names.ts'
import type { Opened } from './open.ts'

/** Patterns of names on the command line, which replace the configuration's. */
interface Named {
  include?: string[]
  exclude?: string[]
}

/**
 * The options of every command that brings objects into the lake, from the configuration. They include the
 * user's log types: without these, their records would become rejects that contain sensitive values.
 */
export function ingestSettings(opened: Opened, named: Named = {}) {
  const { config, definitions } = opened
  const { threads, memory, batch, max_object_bytes } = config.values.ingest
  const onboarded = { definitions, hashKey: hashKeyFor(definitions) }
  return {
    onboarded,
    check: (lake: Lake) => checkOnboarded(lake, onboarded),
    wanted: wantedBy(opened, named),
    threads,
    memory: memoryText(memory),
    batchBytes: batch.bytes,
    batchObjects: batch.objects,
    maxObjectBytes: max_object_bytes,
  } satisfies IngestOptions
}

/** Whether an object is included, by its name. */
export function wantedBy({ config }: Opened, named: Named): (name: string) => boolean {
  const { include, exclude } = config.values.ingest
  return wantedNames(named.include ?? include, named.exclude ?? exclude)
}
