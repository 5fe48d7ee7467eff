import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'

export interface ObjectPlan {
  objects: number
  seed: number
  /** Makes ids and keys that no other plan makes. */
  prefix?: string
  /** Without objects that cannot be read whole. */
  sound?: boolean
}

/** What the lake must say of a folder, however it was brought in. */
export interface Truth {
  files: string[]
  ids: Set<string>
  /** Records without an id: each is a row of its own. */
  nameless: number
  /** Records as delivered, repeats and unreadable ones among them. */
  read: number
  rejected: number
}

/** A stream of numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** An event of CloudTrail; `place` is a number of its own, for its time. */
export function eventOf(id: string | undefined, place: number): Record<string, unknown> {
  const time = new Date(Date.UTC(2026, 0, 7, 23, 50) + place * 1000).toISOString().replace('.000', '')
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', accountId: '111122223333', userName: `user-${place % 7}` },
    eventTime: time,
    eventSource: 'bedrock.amazonaws.com',
    eventName: 'InvokeModel',
    awsRegion: 'eu-central-1',
    requestParameters: { modelId: 'model', place },
    ...(id === undefined ? {} : { eventID: id }),
    eventCategory: 'Management',
  }
}

/**
 * Writes CloudTrail files: most share events with another, some hold events without an id, one is damaged, one holds
 * a record that is none, one is empty. The events go past midnight.
 */
export function makeObjects(dir: string, { objects, seed, prefix = 'e', sound = false }: ObjectPlan): Truth {
  const random = randomFrom(seed)
  const truth: Truth = { files: [], ids: new Set(), nameless: 0, read: 0, rejected: 0 }
  const known: Record<string, unknown>[] = []
  let place = 0

  function put(name: string, day: string, bytes: Uint8Array): void {
    const path = join(dir, 'AWSLogs/111122223333/CloudTrail/eu-central-1/2026/01', day, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, bytes)
    truth.files.push(path)
  }

  for (let index = 0; index < objects; index++) {
    const records: Record<string, unknown>[] = []
    const fresh = 20 + Math.floor(random() * 20)
    for (let n = 0; n < fresh; n++) {
      const id = `${prefix}-${seed}-${index}-${n}`
      const event = eventOf(id, place++ * 2)
      truth.ids.add(id)
      records.push(event)
      known.push(event)
    }
    for (let n = 0; n < 6; n++) records.push(known[Math.floor(random() * known.length)] as never)
    if (index % 5 === 0) {
      records.push(eventOf(undefined, place * 2), eventOf(undefined, place * 2))
      truth.nameless += 2
    }
    truth.read += records.length
    if (index === 2 && !sound) {
      records.push({ eventVersion: '1.11', eventID: 'without-a-time', eventName: 'X' })
      truth.read++
      truth.rejected++
    }
    const stamp = `20260107T${String(1000 + index)}Z`
    const bytes = gzipSync(JSON.stringify({ Records: records }), { level: 1 })
    put(
      `111122223333_CloudTrail_eu-central-1_${stamp}_${prefix}${index}.json.gz`,
      index < objects / 2 ? '07' : '08',
      bytes,
    )
  }
  if (!sound) {
    const damaged = gzipSync(JSON.stringify({ Records: [eventOf('damaged', 1)] }))
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] as number) ^ 0xff
    put(`111122223333_CloudTrail_eu-central-1_20260107T1500Z_damaged-${prefix}.json.gz`, '07', damaged)
    put(`111122223333_CloudTrail_eu-central-1_20260107T1501Z_empty-${prefix}.json.gz`, '07', Buffer.alloc(0))
    truth.read++
    truth.rejected++
  }
  return truth
}

/** What several folders hold together; no event is in two of them. */
export function together(truths: readonly Truth[]): Truth {
  const all: Truth = { files: [], ids: new Set(), nameless: 0, read: 0, rejected: 0 }
  for (const truth of truths) {
    all.files.push(...truth.files)
    for (const id of truth.ids) all.ids.add(id)
    all.nameless += truth.nameless
    all.read += truth.read
    all.rejected += truth.rejected
  }
  return all
}
