import { z } from 'zod'
import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { operation } from '../contract.ts'
import { isoOrNull, standing } from '../shapes.ts'
import { haveOtherRows } from '../versions.ts'

export const newVersions = operation({
  name: 'new-versions',
  doc: 'Tells of each new version of the lake as it is committed, in server-sent events, until the caller leaves.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  input: z.object({
    after: z.coerce
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe('The version that the caller has; without it, the newest version is told first.'),
  }),
  // Whoever may see few rows is told no more than `me` tells them: which tables and how many rows a version
  // changed would say what happens in accounts, or to people, whose rows they do not see.
  output: z.object({
    ...standing,
    at: isoOrNull.describe('When it was committed.'),
  }),
  answers: 'events',
  may: () => true,
  async run({ after }, context) {
    const { lake, reader, version, signal } = context
    const first = after === undefined || (await isNewer(lake, version, after))
    const { versions, leave } = context.versions.listen(reader.subject, version, first, signal)
    return { kind: 'events', events: shown(versions), leave }
  },
})

async function isNewer(lake: Lake, version: LakeVersion, after: number): Promise<boolean> {
  if (after >= version.number) return false
  try {
    return haveOtherRows(version, await lake.at(after))
  } catch {
    // It is no longer there: much has happened since.
    return true
  }
}

async function* shown(versions: AsyncIterable<LakeVersion>) {
  for await (const { number, catalog } of versions) yield { version: number, at: catalog.at || null }
}
