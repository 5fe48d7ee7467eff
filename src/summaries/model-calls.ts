import type { Changes } from '../follow/contract.ts'
import type { Engine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'
import { type Span, spanOf } from './span.ts'
import { conversations } from './tables.ts'
import { type Followed, newRows, openModelCalls } from './turn.ts'

const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

/** 60 minutes at most between the two logs of one call. */
const APART_MINUTES = 60
/**
 * 31 minutes: a run ends with a pause of more than half an hour, so the time span is extended until it begins
 * and ends with one.
 */
const PAUSE_MINUTES = 31
const WIDER = 8
const WIDEST_MINUTES = 10_000_000

/** Computes the ten-minute windows again that contain new model calls. Undefined when there are none. */
export async function usageRows(changes: Changes, tables: Followed): Promise<string | undefined> {
  const { engine, version } = changes
  const span = await spanOf(engine, 'select time, time from new_request', APART_MINUTES)
  if (!span) return undefined
  await openModelCalls(changes, tables, span)
  await engine.run(
    sql(url('touched-windows'), {
      invocations: newRows(changes, tables.bedrockInvocation),
      captures: newRows(changes, tables.sagemakerInvocation),
    }),
  )
  // The other log's row may be in another window, whose calls have to be read with their surroundings too.
  const wider = await spanOf(
    engine,
    'select time, time + interval 10 minutes from touched_window',
    APART_MINUTES,
  )
  if (!wider) return undefined
  await openModelCalls(changes, tables, wider)
  return sql(url('usage'), { version: String(version.number) })
}

/** Computes the runs of agents again that new model calls belong to. Undefined when there are none. */
export async function conversationRows(changes: Changes, tables: Followed): Promise<string | undefined> {
  const { engine, version } = changes
  const asked = 'select time, time from new_request where is_bedrock'
  for (let minutes = APART_MINUTES; ; minutes *= WIDER) {
    const span = await spanOf(engine, asked, minutes)
    if (!span) return undefined
    await openModelCalls(changes, tables, span)
    await engine.run(sql(url('conversation-calls')))
    await engine.run(sql(url('conversation-stretch')))
    if (minutes > WIDEST_MINUTES || (await isWhole(engine, span))) break
  }
  return sql(url('conversations'), {
    known: await changes.whole(conversations),
    version: String(version.number),
  })
}

/** Whether no run can continue beyond the time span. */
async function isWhole(engine: Engine, { from, to }: Span): Promise<boolean> {
  const [[whole] = []] = await engine.rows(
    `select coalesce(
       min(time) - interval ${PAUSE_MINUTES} minutes > $1::timestamptz
         and max(time) + interval ${PAUSE_MINUTES} minutes < $2::timestamptz,
       true
     ) from stretch_call`,
    [from, to],
  )
  return whole === true
}
