import type { Changes } from '../follow/contract.ts'
import type { AppendedTable } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { identifier } from '../lib/sql.ts'
import { ownViews } from '../query/own-views.ts'
import { type Span, within } from './span.ts'

/** The tables that summaries are computed from. */
export interface Followed {
  cloudtrail: AppendedTable
  bedrockInvocation: AppendedTable
  sagemakerInvocation: AppendedTable
  sessionLog: AppendedTable
}

/** A FROM item with a table's new rows. */
export function newRows({ added }: Changes, { name }: AppendedTable): string {
  const found = added.get(name)
  if (!found) throw new Error(`${name} is not followed`)
  return found.rows
}

/**
 * Makes the model calls of a time span available to SQL under the names of the tables and of loglake's views.
 */
export async function openModelCalls(changes: Changes, tables: Followed, span: Span): Promise<void> {
  const { engine } = changes
  const { cloudtrail, bedrockInvocation, sagemakerInvocation } = tables
  const trail = await changes.whole(cloudtrail, within('eventtime', span))
  await view(
    engine,
    'cloudtrail',
    `select * from ${trail} where eventsource in ('bedrock.amazonaws.com', 'sagemaker.amazonaws.com')`,
  )
  const log = await changes.whole(bedrockInvocation, within('timestamp', span))
  await view(engine, 'bedrock_invocation', `from ${log}`)
  const captures = await changes.whole(sagemakerInvocation, within('eventmetadata_inferencetime', span))
  await view(engine, 'sagemaker_invocation', `from ${captures}`)
  for (const name of ['bedrock_call', 'conversation']) await view(engine, name, ownView(name))
}

function ownView(name: string): string {
  const found = ownViews().find((one) => one.name === name)
  if (!found) throw new Error(`there is no view ${name}`)
  return found.sql
}

async function view(engine: Engine, name: string, select: string): Promise<void> {
  await engine.run(`create or replace temp view ${identifier(name)} as ${select}`)
}
