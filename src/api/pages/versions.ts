import { history } from '../../lake/history.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'

interface Input {
  before?: number | undefined
  limit?: number | undefined
}

/** All versions without a limit; one that is read beside them may be needed to compare the first with. */
const ALL = Number.MAX_SAFE_INTEGER - 1

export async function versionsOf({ before, limit = ALL }: Input, context: Context): Promise<Answer> {
  const { versions, more, givenUp } = await history(context.lake, limit, before)
  const none = { added: null, removed: null, files: null }
  return {
    kind: 'json',
    seen: { rows: versions.length },
    value: {
      version: context.version.number,
      versions: versions.map(({ changes, ...one }) => ({
        ...one,
        changes: changes.map((change) => ({ ...none, ...change })),
      })),
      more,
      given_up: givenUp,
    },
  }
}
