import { survey } from '../ingest/fetch/survey.ts'
import type { Lake } from '../lake/lake.ts'
import { sentence } from '../lib/errors.ts'
import { kindOf, type SourceSettings } from '../sources/index.ts'

/** What of a source is not in the lake; what nobody knows is left out. */
export interface Waiting {
  /** Objects, or messages that announce them. */
  objects?: number
  /** Those among them that somebody has received. */
  received?: number
  bytes?: number
  /** Everything up to then is in the lake, in milliseconds since 1970, where a place keeps events by time. */
  readUntilMs?: number
  /** Why nobody knows. */
  unknown?: string
}

export interface Asking {
  /** Ask nobody: only what the lake itself knows. */
  offline: boolean
  /** List buckets, too, which costs requests. */
  list: boolean
}

/** Asks the place that a source reads; never throws, since a place that does not answer is a thing to be told. */
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

/** The place of a source that is least far. */
async function cursorOf(lake: Lake, name: string): Promise<number | undefined> {
  const { cursors } = (await lake.newest()).catalog
  const all = Object.entries(cursors).filter(([cursor]) => cursor.startsWith(`source/${name}/`))
  return all.length === 0 ? undefined : Math.min(...all.map(([, time]) => Date.parse(time)))
}
