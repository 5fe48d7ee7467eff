import type { IngestOptions } from '../ingest/session.ts'
import type { Lake } from '../lake/lake.ts'
import { hashKeyFor } from '../onboard/hash-key.ts'
import { checkOnboarded } from './check.ts'
import { memoryText } from './limits.ts'
import { wantedNames } from './names.ts'
import type { Opened } from './open.ts'

/** Names that the command line wants, or leaves out, in place of the configuration's. */
interface Named {
  include?: string[]
  exclude?: string[]
}

/**
 * How every command that brings objects into the lake works, as the configuration has it. It knows the user's log types:
 * without them their records would be rejects, with all that is sensitive in them.
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

/** Whether an object's name is wanted. */
export function wantedBy({ config }: Opened, named: Named): (name: string) => boolean {
  const { include, exclude } = config.values.ingest
  return wantedNames(named.include ?? include, named.exclude ?? exclude)
}
