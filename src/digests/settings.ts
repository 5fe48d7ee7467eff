import { z } from 'zod'
import { section, text, whole } from '../lib/settings.ts'
import type { Moved } from './locations.ts'

/** The section `digests` of loglake.yaml: CloudTrail's own proof of its log files. */
export function digestsSection() {
  return section(
    {
      minutes: whole(
        0,
        'Minutes between two searches of `loglake run` for new digests; 0 for none. Each lists the folders of digests and reads the new ones.',
      ).default(0),
      public_keys: text(
        "A file with AWS's public keys, as `aws cloudtrail list-public-keys` prints them, where cloudtrail:ListPublicKeys cannot be asked.",
      ).optional(),
      moved: z
        .record(z.string(), z.string(), 'places with their copies are wanted')
        .describe(
          'Copied objects: the place that CloudTrail delivered to, and the place of the copies, as in {"s3://trail-logs/": "s3://archive/trail-logs/"}.',
        )
        .default({}),
    },
    "How CloudTrail's digests are read.",
  )
}

export type DigestSettings = z.output<ReturnType<typeof digestsSection>>

export function movedLocations({ moved }: Pick<DigestSettings, 'moved'>): Moved[] {
  return Object.entries(moved).map(([from, to]) => ({ from, to }))
}
