import type { Lake } from '../lake/lake.ts'
import { UserError } from '../lib/errors.ts'

/** The demo's default lake, apart from that of a user. */
export const DEMO_LAKE = './demo-lake'

/** Exists only in a lake that the demo created. */
const MARK = 'control/demo'

export async function markDemo({ storage }: Lake): Promise<void> {
  await storage.hint(MARK, Buffer.from('the sample logs of an invented organisation\n'))
}

/** @throws UserError when the lake is the demo's: a user's logs must not be mixed with the samples */
export async function refuseDemo({ storage }: Lake, place: string): Promise<void> {
  if ((await storage.size(MARK)) === undefined) return
  throw new UserError(
    `the lake in ${place} is the demo's: it holds the logs of an invented organisation. Name another with --lake, or remove the folder`,
  )
}

/** @throws UserError when the lake has other logs: the samples must not be mixed with a user's logs */
export async function refuseOtherLogs(lake: Lake, place: string): Promise<void> {
  if (!(await lake.exists())) return
  // Imported late: every `ingest` loads this module, and needs no query.
  const { ask } = await import('../query/question.ts')
  const answer = await ask(lake, 'select 1 from ledger where not contains(lake_object, $1) limit 1', {
    values: ['/samples/logs/'],
    views: [],
  })
  try {
    for await (const _ of answer.rows())
      throw new UserError(`the lake in ${place} holds other logs than the samples: name another with --lake`)
  } finally {
    answer.close()
  }
}
