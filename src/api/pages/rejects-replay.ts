import type { Context, Services } from '../context.ts'
import type { Answer } from '../contract.ts'
import { Problem } from '../problem.ts'

interface Input {
  ids?: string[] | undefined
  code?: string | undefined
  object?: string | undefined
  dry_run: boolean
}

/** Which servers replay now: one replay at a time, since each has threads and an engine of its own. */
const busy = new WeakSet<Services['replayRejects']>()

export async function rejectsReplayOf({ dry_run, ...chosen }: Input, context: Context): Promise<Answer> {
  const { replayRejects } = context
  if (busy.has(replayRejects))
    throw new Problem(409, 'Under way', 'Rejects are being replayed already: try again when that is done.', {
      retryAfter: 5,
    })
  busy.add(replayRejects)
  try {
    const value = await replayRejects(chosen, dry_run)
    return { kind: 'json', value, seen: { rows: value.replayed } }
  } finally {
    busy.delete(replayRejects)
  }
}
