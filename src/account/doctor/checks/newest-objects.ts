import { parseS3Uri } from '../../../aws/s3-uri.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, newestObjects, s3Of, standingOf } from '../facts.ts'
import type { NewestObject } from '../setup.ts'
import { age } from '../words.ts'

/** Age of an object in the bucket from which it counts as waiting when the ledger lacks it. */
const WAITING_MS = 3_600_000

export const newestObjectsCheck: Check = {
  name: 'newest-objects',
  group: 'Logs arrive',
  title: 'Every source brings objects',
  doc: 'The newest object of each source in the ledger, and its age; what the bucket has behind it; days without a file where the neighbours have some; sources that somebody stopped. `doctor.newest_hours` says how old is too old.',
  permissions: ['s3:ListBucket'],
  mends: '`loglake resume` or `loglake run`; else the part before it, which the checks above name.',
  async run(premises) {
    const { setup } = premises
    const standing = await standingOf(premises)
    const newest = await newestObjects(premises)
    const lines = await Promise.all(
      setup.sources.map(async ({ name, awaits = true }): Promise<Line[]> => {
        const known = standing.sources.find((one) => one.name === name)
        if (known?.stopped)
          return [
            not(
              'it was stopped by a person',
              { does: 'Let it go on.', commands: [sh`loglake resume ${name}`], ours: true },
              name,
            ),
          ]
        const own = newest.find(({ source }) => source === name)
        if (!own)
          return [
            not(
              'it has brought nothing yet',
              { does: 'Run it, and see what it says.', commands: [sh`loglake run ${name}`] },
              name,
            ),
          ]
        const waits = await waitsBehind(premises, name, own).catch(() => undefined)
        if (waits) return [waits]
        const oldMs = premises.now() - own.committedMs
        if (oldMs <= setup.settings.newest_hours * 3_600_000 || !awaits)
          return [ok(`the newest came ${age(oldMs)} ago: ${own.object}`, name)]
        return [
          not(
            `nothing has come for ${age(oldMs)}; the newest is ${own.object}`,
            {
              does: 'See that `loglake run` runs, and what the checks of recording and arriving say.',
              commands: [sh`loglake run ${name}`, 'loglake status'],
            },
            name,
          ),
        ]
      }),
    )
    const holes = standing.holes.map(({ place, account, region, service, from, to }) =>
      not(
        `no file of ${service} from ${account} in ${region} ${from === to ? `on ${from}` : `from ${from} to ${to}`}, where others came before and after`,
        {
          does: 'See whether the bucket has them; if it has, bring them in.',
          commands: [
            sh`loglake backfill ${place} --days-begin ${daysAgo(from, premises.now())} --days-end ${-daysAgo(to, premises.now()) + 1}`,
          ],
        },
        place,
      ),
    )
    const all = [...lines.flat(), ...holes]
    return all.length > 0 ? all : [none('loglake.yaml names no source')]
  },
}

function daysAgo(day: string, nowMs: number): number {
  return Math.max(0, Math.ceil((nowMs - Date.parse(day.slice(0, 10))) / 86_400_000))
}

/** Whether the bucket has objects after the lake's newest one, in the same folder: one listing of ten. */
async function waitsBehind(premises: Premises, name: string, own: NewestObject): Promise<Line | undefined> {
  const place = parseS3Uri(own.object)
  const of =
    place &&
    (await bucketsOf(premises)).find(({ source, bucket }) => source.name === name && bucket === place.bucket)
  if (!place || !of) return undefined
  const s3 = await s3Of(premises, of.identity, of.bucket)
  const folder = place.key.slice(0, place.key.lastIndexOf('/') + 1)
  const { Contents = [] } = await s3.listObjectsV2({
    Bucket: of.bucket,
    Prefix: folder,
    StartAfter: place.key,
    MaxKeys: 10,
  })
  const waiting = Contents.filter(
    ({ LastModified, Key = '' }) =>
      !Key.endsWith('/') && premises.now() - (LastModified?.getTime() ?? premises.now()) > WAITING_MS,
  )
  const ledgered = await Promise.all(
    waiting.map(({ Key = '' }) => premises.setup.known.ledgered(`s3://${of.bucket}/${Key}`)),
  )
  const unread = waiting.filter((_, at) => !ledgered[at])
  if (unread.length === 0) return undefined
  const first = unread[0]?.Key ?? ''
  return not(
    `objects lie in the bucket for more than an hour and are not in the lake, as s3://${of.bucket}/${first}`,
    {
      does: 'Run the source; what no message announced, backfill brings in.',
      commands: [sh`loglake run ${name}`, sh`loglake backfill s3://${of.bucket}/${folder}`],
    },
    name,
  )
}
