import { randomUUID } from 'node:crypto'
import { mkdir, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, type LogBucket, s3Of } from '../facts.ts'
import type { SourceFacts } from '../setup.ts'
import { guarded } from '../trouble.ts'

/** A document of CloudTrail without a record: it is read and gets a ledger row, but makes no row of a log. */
const MARKER = '{"Records":[]}'
const FOLDER = 'loglake-doctor'
const LOOK_MS = 1_000

export const endToEnd: Check = {
  name: 'end-to-end',
  group: 'Logs arrive',
  title: 'A marker goes from its bucket into the ledger',
  doc: 'With --write: puts an object without a record into every log bucket (or watched folder), waits until the ledger has it, and removes it. `loglake run` must be running. `doctor.marker_seconds` says how long it may take.',
  permissions: ['s3:PutObject', 's3:DeleteObject'],
  mends: 'The first check above that is not ok.',
  writes: true,
  async run(premises) {
    const buckets = (await bucketsOf(premises)).filter(
      ({ source }) => source.queue !== undefined || source.watch !== false,
    )
    const folders = premises.setup.sources.filter(({ paths, watch }) => paths?.[0] !== undefined && watch)
    const lines = await Promise.all([
      ...buckets.map((one) => throughBucket(premises, one)),
      ...folders.map((one) => throughFolder(premises, one)),
    ])
    return lines.length > 0 ? lines.flat() : [none('no source waits for what is new')]
  },
}

async function throughBucket(
  premises: Premises,
  { bucket, prefix, identity, source }: LogBucket,
): Promise<Line[]> {
  const Key = `${prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`}${FOLDER}/${randomUUID()}.json`
  const about = `s3://${bucket}/${Key}`
  return await guarded(`s3:PutObject on ${bucket}/${Key}`, { about, as: identity }, async () => {
    const s3 = await s3Of(premises, identity, bucket)
    await s3.putObject({ Bucket: bucket, Key, Body: MARKER, ContentType: 'application/json' })
    try {
      return await arrives(premises, source, `s3://${bucket}/${Key}`)
    } finally {
      await s3.deleteObject({ Bucket: bucket, Key })
    }
  })
}

async function throughFolder(premises: Premises, source: SourceFacts): Promise<Line[]> {
  const at = source.paths?.[0] ?? ''
  const found = await stat(at).catch(() => undefined)
  if (!found?.isDirectory()) return [none('its first path is no folder', source.name)]
  const folder = join(await realpath(at), FOLDER)
  const file = join(folder, `${randomUUID()}.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(file, MARKER, { flag: 'wx' })
  try {
    return [await arrives(premises, source, file)]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function arrives({ setup, now }: Premises, source: SourceFacts, uri: string): Promise<Line> {
  const begun = now()
  const maxMs = setup.settings.marker_seconds * 1000
  for (;;) {
    const there = (await setup.known.exists()) && (await setup.known.ledgered(uri))
    const tookMs = now() - begun
    if (there)
      return ok(`in the ledger after ${Math.max(1, Math.round(tookMs / 1000))} s, and removed`, source.name)
    if (tookMs > maxMs) break
    await wait(Math.min(LOOK_MS, maxMs))
  }
  return not(
    `a marker was put to ${uri}, is not in the ledger after ${maxMs / 1000} s, and was removed`,
    {
      does: 'See that `loglake run` runs; then the checks of notifications, the policy and the key of the queue say where it stopped.',
      commands: [
        sh`loglake run ${source.name}`,
        'loglake doctor --check notifications --check queue-policy --check queue-key',
      ],
    },
    source.name,
  )
}
