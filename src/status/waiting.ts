import { survey } from '../ingest/fetch/survey.ts'
import type { Lake } from '../lake/lake.ts'
import { sentence } from '../lib/errors.ts'
import { kindOf, type SourceSettings } from '../sources/index.ts'

/** The objects of a source that are not in the lake; unknown numbers are absent. */
export interface Waiting {
  /** Objects, or messages that announce them. */
  objects?: number
  /** Messages among them that a receiver has in flight. */
  received?: number
  bytes?: number
  /**
   * Time up to which everything is in the lake, in milliseconds since 1970, for a service that keeps events
   * by time.
   */
  readUntilMs?: number
  /** Why the number is unknown. */
  unknown?: string
}

export interface Asking {
  /** Make no requests: report only what the lake itself has. */
  offline: boolean
  /** List buckets too, which costs money. */
  list: boolean
}

/** Asks the service that a source reads. Never throws: a service that does not answer is reported. */
export async function waitingOf(
  lake: Lake,
  name: string,
  settings: SourceSettings,
  { offline, list }: Asking,
): Promise<Waiting> {
  const readUntilMs = await cursorOf(lake, name)
  if (readUntilMs !== undefined) return { readUntilMs }
  if (offline) return { unknown: 'not asked' }
  try {
    const how = await kindOf(settings).waiting?.(settings as never, { name, list })
    if (!how) return { unknown: 'nothing has been read yet' }
    if (how.kind === 'unknown') return { unknown: how.reason }
    if (how.kind === 'counted') return { objects: how.objects, received: how.received }
    const { source } = how
    try {
      const { objects, bytes } = await survey(lake, source, { threads: 1, memory: '256MiB' })
      return { objects, bytes }
    } finally {
      await source.close?.()
    }
  } catch (thrown) {
    return { unknown: sentence(thrown).split('\n')[0] as string }
  }
}

/** The least cursor of a source's timelines. */
async function cursorOf(lake: Lake, name: string): Promise<number | undefined> {
  const { cursors } = (await lake.newest()).catalog
  const all = Object.entries(cursors).filter(([cursor]) => cursor.startsWith(`source/${name}/`))
  return all.length === 0 ? undefined : Math.min(...all.map(([, time]) => Date.parse(time)))
}
