import type { Identity } from '../aws/identity.ts'
import { openSource, type SourceSettings } from '../config/sources.ts'
import { survey } from '../ingest/survey.ts'
import type { Lake } from '../lake/lake.ts'
import { sentence } from '../lib/errors.ts'
import { messagesIn } from '../sources/queue/waiting.ts'

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
    if (settings.type === 's3-queue') {
      const { queue, identity } = settings as unknown as { queue: string; identity: Identity }
      const { visible, hidden } = await messagesIn(queue, identity, regionOf(queue))
      return { objects: visible + hidden, received: hidden }
    }
    if (settings.type === 's3' && !list) return { unknown: 'listing a bucket costs requests: --list does it' }
    if (settings.type !== 'folder' && settings.type !== 's3') return { unknown: 'nothing has been read yet' }
    const source = openSource({ ...settings, watch: false }, { name })
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

/** The Region in a queue's URL; undefined where it names none. */
function regionOf(queue: string): string | undefined {
  return /^https:\/\/(?:sqs\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.(?:queue\.)?amazonaws\./.exec(queue)?.[1]
}
