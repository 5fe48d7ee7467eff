import { fileURLToPath } from 'node:url'
import type { Changes, Follower, Work } from '../follow/contract.ts'
import type { AppendedTable } from '../lake/table.ts'
import { sql } from '../lib/sql.ts'
import { type View, viewsIn } from '../query/view.ts'
import { conversationRows, usageRows } from './model-calls.ts'
import { sessionRows } from './sessions.ts'
import { activity, conversations, modelUsage, sessions, summaryTables } from './tables.ts'
import { type Followed, newRows } from './turn.ts'

/**
 * Keeps summaries of common queries: activity and model use by ten minutes, runs of agents, sessions.
 *
 * Activity is added up: each turn adds rows for new events, and a reader takes the sum. All other summaries
 * change when late rows come, in ways that no sum can express (a call that a second log reports too, two runs
 * that become one). So the summaries that new rows belong to are computed again from the lake at the turn's
 * version, and their rows replace those of earlier versions.
 */
export function summaries(logTables: readonly AppendedTable[]): Follower {
  const table = (name: string): AppendedTable => {
    const found = logTables.find((one) => one.name === name)
    if (!found) throw new Error(`there is no table ${name}`)
    return found
  }
  const followed: Followed = {
    cloudtrail: table('cloudtrail'),
    bedrockInvocation: table('bedrock_invocation'),
    sagemakerInvocation: table('sagemaker_invocation'),
    sessionLog: table('session_log'),
  }
  return {
    name: 'summaries',
    doc: 'Keeps sessions, runs of agents, activity and model use by ten minutes in tables of their own.',
    tables: Object.values(followed),
    writes: summaryTables,
    again: 'rebuild',
    work: (changes) => work(changes, followed),
  }
}

async function work(changes: Changes, followed: Followed): Promise<Work> {
  const { engine, end } = changes
  const url = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)
  const trail = newRows(changes, followed.cloudtrail)
  await engine.run(sql(url('new-trail'), { rows: trail }))
  await engine.run(
    sql(url('new-request'), {
      invocations: newRows(changes, followed.bedrockInvocation),
      captures: newRows(changes, followed.sagemakerInvocation),
    }),
  )
  const hasTrail = (changes.added.get(followed.cloudtrail.name)?.files.length ?? 0) > 0
  const made = {
    [activity.name]: hasTrail ? sql(url('activity'), { rows: trail }) : undefined,
    [sessions.name]: await sessionRows(changes, followed),
    [modelUsage.name]: await kept(changes, 'usage_row', await usageRows(changes, followed)),
    [conversations.name]: await kept(changes, 'conversation_row', await conversationRows(changes, followed)),
  }
  const rows = Object.entries(made).filter((one): one is [string, string] => one[1] !== undefined)
  return { rows: Object.fromEntries(rows), cursor: end }
}

/** Stores the rows of a SELECT over views that the next step redefines. */
async function kept(
  { engine }: Changes,
  name: string,
  select: string | undefined,
): Promise<string | undefined> {
  if (select === undefined) return undefined
  await engine.run(`create or replace temp table ${name} as ${select}`)
  return `select * from ${name}`
}

/** The views that show the newest version of each summary. */
export function summaryViews(): readonly View[] {
  return viewsIn(fileURLToPath(new URL('./views/', import.meta.url)))
}
