import { z } from 'zod'
import { section, text, whole } from '../lib/settings.ts'
import type { Moved } from './places.ts'

/** `digests` in loglake.yaml: CloudTrail's own proof of its log files. */
export function digestsSection() {
  return section(
    {
      minutes: whole(
        0,
        'Minutes between two looks of `loglake run` at new digests; 0 for none. It lists the folders of digests and reads what is new in them.',
      ).default(0),
      public_keys: text(
        "A file with AWS's public keys, as `aws cloudtrail list-public-keys` prints them, where cloudtrail:ListPublicKeys cannot be asked.",
      ).optional(),
      moved: z
        .record(z.string(), z.string(), 'places with their copies are wanted')
        .describe(
          'Where objects were copied: the place that CloudTrail delivered to, and the one where they lie, as in {"s3://trail-logs/": "s3://archive/trail-logs/"}.',
        )
        .default({}),
    },
    "How CloudTrail's digests are read.",
  )
}

export type DigestSettings = z.output<ReturnType<typeof digestsSection>>

export function movedPlaces({ moved }: Pick<DigestSettings, 'moved'>): Moved[] {
  return Object.entries(moved).map(([from, to]) => ({ from, to }))
}
