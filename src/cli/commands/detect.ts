import type { Command } from 'commander'
import { detect as detectFollower } from '../../detect/follower.ts'
import { ruleCalled } from '../../detect/named.ts'
import { refusedRules } from '../../detect/rules.ts'
import { forget } from '../../follow/cursor.ts'
import { catchUp, type Turn } from '../../follow/follow.ts'
import { replay } from '../../follow/replay.ts'
import { detectedTables } from '../../followers/index.ts'
import type { Lake } from '../../lake/lake.ts'
import { grouped, progressLine, visible } from '../../lib/terminal.ts'
import { followOptions } from '../../workspace/following.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { detectSettings } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { collect, commonOptions, examples, timestamp } from '../options.ts'
import { findingsAnswer } from '../rules/asked.ts'
import { noteRefused } from '../rules/refused.ts'
import { counted } from '../show/layout.ts'
import { note, paint, print } from '../show/output.ts'
import { severityText } from '../show/severity.ts'

interface Options extends CommonOptions {
  since?: string
  until?: string
  rule?: string[]
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--since <time>', 'look once more at rows from then on, as in 2026-01-07 or 7d', timestamp)
    .option('--until <time>', 'and before then', timestamp)
    .option('--rule <id>', 'look once more, for this rule alone: its id or name; may be given again', collect)
    .option('--json', 'print what was done as JSON')
    .action(detect)
  examples(
    command,
    ['loglake detect', 'looks at every row that is new since the last time'],
    ['loglake detect --since 30d --rule cloudtrail_stopped', 'a new rule over old rows'],
  )
  command.addHelpText(
    'after',
    `
\`loglake run\` detects all the time. A finding is made once, however often its rows are looked at. See docs/detect.md.`,
  )
}

async function detect({ since, until, rule: names, json, ...options }: Options): Promise<void> {
  const { lake, config, definitions } = await openExisting(options)
  const settings = detectSettings(config, definitions)
  const limits = limitsOf(config.values.query)
  const named = (names ?? []).map((name) => ruleCalled(name, settings))
  const only = names && named.map(({ id }) => id)
  const follower = detectFollower({ tables: detectedTables(settings), settings, ...(only ? { only } : {}) })
  const again = only !== undefined || since !== undefined || until !== undefined
  for (const rule of named)
    if (!rule.reports)
      note(`${visible(rule.title)} reports nothing by itself: a correlation of its file refers to it`)
  const begun = Date.now()
  const before = await countsOf(lake)
  const line = progressLine(process.stderr)
  let rows = 0
  const onTurn = (turn: Turn) => {
    rows += turn.rows
    line.show(`${grouped(rows)} rows looked at`)
  }
  const how = { ...followOptions(config.values), onTurn }
  try {
    if (!again) await catchUp(lake, follower, how)
    else {
      const as = `detect-${Date.now()}`
      await replay(lake, follower, { ...how, as, span: { since, until } })
      await forget(lake, as)
    }
  } finally {
    line.clear()
  }
  const after = await countsOf(lake)
  const made = Object.fromEntries(
    Object.entries(after).map(([severity, { findings }]) => [
      severity,
      findings - (before[severity]?.findings ?? 0),
    ]),
  )
  noteRefused(refusedRules(settings))
  const failures = (await findingsAnswer(lake, 'failures', { since: new Date(begun).toISOString() }, limits))
    .rows
  if (json) return await print(`${JSON.stringify({ rows, made, findings: after }, null, 2)}\n`)
  const look = paint(process.stdout)
  const parts = Object.entries(made).filter(([, count]) => count > 0)
  const sum = parts.reduce((all, [, count]) => all + count, 0)
  const by = parts.map(([severity, count]) => `${grouped(count)} ${severityText(severity, look)}`).join(', ')
  await print(
    `${counted(rows, 'row')} looked at, ${counted(sum, 'new finding')}${by === '' ? '' : `: ${by}`}\n`,
  )
  await print(await silenceText(lake, settings.history_days, limits))
  for (const [rule, , error] of failures)
    note(
      `${visible(String(rule))} could not run, and was left out: ${visible(String(error).split('\n')[0] ?? '')}`,
    )
  if (sum > 0) await print(`\nSee them:  loglake findings\n`)
  async function countsOf(from: Lake) {
    const found = await findingsAnswer(from, 'counts', {}, limits)
    return Object.fromEntries(
      found.rows.map(([severity, findings, waiting, hidden]) => [
        String(severity),
        { findings: Number(findings), waiting: Number(waiting), hidden: Number(hidden) },
      ]),
    )
  }
}

/** Whether baselines work already, and if not, from when on. */
async function silenceText(lake: Lake, days: number, limits: ReturnType<typeof limitsOf>): Promise<string> {
  const { rows } = await findingsAnswer(lake, 'history', {}, limits)
  const young = rows.filter(([, hours]) => Number(hours) < days * 24)
  if (rows.length === 0) return 'Baselines are silent: they have no history yet.\n'
  if (young.length === 0) return ''
  return `Baselines are silent about ${counted(young.length, 'account')} of ${grouped(rows.length)}: less than ${counted(days, 'day')} of history (detect.history_days).\n`
}
