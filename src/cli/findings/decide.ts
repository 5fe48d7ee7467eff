import { userInfo } from 'node:os'
import { DuckDBTimestampTZValue } from '@duckdb/node-api'
import { type Command, Option } from 'commander'
import {
  type Decided,
  type Decision,
  decide,
  endSuppression,
  faultOf,
  STATES,
  suppress,
  VERDICTS,
} from '../../detect/decide.ts'
import { UserError } from '../../lib/errors.ts'
import { counted, grouped, visible } from '../../lib/terminal.ts'
import { parseAhead } from '../../lib/timestamp.ts'
import { valueText } from '../../query/values.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { detectSettings } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, type FormatName, formatOption, wholeNumber } from '../options.ts'
import { findingsAnswer } from '../rules/asked.ts'
import { align } from '../show/layout.ts'
import { maxRows, printListing } from '../show/listing.ts'
import { paint, print } from '../show/output.ts'
import { oneFinding } from './one.ts'
import { ruleIdCalled } from './rule-called.ts'

interface SetOptions extends CommonOptions {
  state?: (typeof STATES)[number]
  verdict?: string
  reason?: string
  assignee?: string
  by?: string
}

interface SuppressOptions extends CommonOptions {
  rule?: string
  actor?: string
  resource?: string
  ends: string
  why: string
  by?: string
}

export function defineDecisions(command: Command): void {
  const set = command
    .command('set <id...>')
    .description('say how findings stand: a state, a verdict with its reason, who looks into them')
  commonOptions(set)
    .addOption(
      new Option('--state <state>', 'how it stands; open and taken end an earlier verdict').choices(STATES),
    )
    .addOption(new Option('--verdict <verdict>', 'what it was; closes it').choices(VERDICTS))
    .option('--reason <text>', 'why; a verdict needs one')
    .option('--assignee <name>', 'who looks into it, "" for nobody (default with --state taken: who decides)')
    .option('--by <name>', 'who decides (default: who runs loglake)')
    .action((ids: string[], _: SetOptions, called: Command) => setFindings(ids, called.optsWithGlobals()))
  examples(
    set,
    ['loglake findings set 5f3a --assignee alice --state taken'],
    ['loglake findings set 5f3a --verdict benign --reason "planned work, see the change of today"'],
    ['loglake findings set 5f3a --state open --reason "there is no such change"', 'reopens it'],
  )
  const suppressing = command
    .command('suppress')
    .description('hide findings of a rule, an actor, a resource, until a day; none is deleted')
  commonOptions(suppressing)
    .option('--rule <id>', 'of this rule: its id or name')
    .option('--actor <pattern>', 'of this actor; * stands for anything')
    .option('--resource <pattern>', 'of this resource; * stands for anything')
    .requiredOption('--ends <time>', 'findings until then, as in 2026-03-01, or 30d for days from now')
    .requiredOption('--why <text>', 'the reason')
    .option('--by <name>', 'who decides (default: who runs loglake)')
    .action((_: SuppressOptions, called: Command) => suppressFindings(called.optsWithGlobals()))
  examples(suppressing, [
    'loglake findings suppress --rule gpu_machines_started --actor "*/Training/*" --ends 90d --why "the team trains"',
  ])
  const end = command.command('unsuppress <id>').description('end a suppression now')
  commonOptions(end)
    .option('--by <name>', 'who decides (default: who runs loglake)')
    .action((id: string, _: CommonOptions, called: Command) => unsuppress(id, called.optsWithGlobals()))
  const list = command
    .command('suppressions')
    .description('list suppressions, and how many findings each hides')
  commonOptions(list)
    .option('--limit <number>', 'suppressions to show; 0 for all', wholeNumber(0), 50)
    .addOption(formatOption())
    .action((_: CommonOptions, called: Command) => listSuppressions(called.optsWithGlobals()))
}

export function whoDecides(by: string | undefined): string {
  return by ?? userInfo().username
}

async function setFindings(ids: string[], options: SetOptions): Promise<void> {
  const { state, verdict, reason, by } = options
  const decision: Decision = { state, verdict, reason, assignee: options.assignee?.trim() }
  refuse(decision)
  const { lake, config } = await openExisting(options)
  const limits = limitsOf(config.values.query)
  const chosen = new Map<string, Decided>()
  for (const id of ids) {
    const { id: full, decided_at: decided } = await oneFinding(lake, id, limits)
    const decided_ms = decided instanceof DuckDBTimestampTZValue ? Number(decided.micros) / 1000 : null
    chosen.set(String(full), { id: String(full), decided_ms })
  }
  const who = { name: whoDecides(by), nowMs: Date.now() }
  await decide(lake, 'findings set', [...chosen.values()], decision, who)
  await print(`${[...chosen.keys()].map((id) => id.slice(0, 8)).join(', ')}: noted\n`)
}

function refuse(decision: Decision): void {
  const { state, verdict, assignee } = decision
  if (state === undefined && verdict === undefined && assignee === undefined)
    throw new UserError('nothing to set: give --state, --verdict or --assignee')
  switch (faultOf(decision)) {
    case 'closed without a verdict':
      throw new UserError(`closing needs a verdict: --verdict ${VERDICTS.join('|')} --reason "..."`)
    case 'verdict without an end':
      throw new UserError(`a verdict closes a finding: leave out --verdict or --state ${state}`)
    case 'verdict without a reason':
      throw new UserError('a verdict needs a reason: --reason "..."')
  }
}

async function suppressFindings(options: SuppressOptions): Promise<void> {
  const { rule, actor, resource, ends: until, why, by } = options
  if (rule === undefined && actor === undefined && resource === undefined)
    throw new UserError('say what to hide: --rule, --actor or --resource')
  if (why.trim() === '') throw new UserError('--why is empty')
  const ends = parseAhead(until, Date.now())
  if (ends === undefined)
    throw new UserError(`--ends: a time is wanted, as in 2026-03-01 or 30d, not "${visible(until)}"`)
  if (ends <= BigInt(Date.now()) * 1000n)
    throw new UserError(`--ends: ${visible(until)} is over already: name a time to come, as in 30d`)
  const { lake, config } = await openExisting(options)
  const limits = limitsOf(config.values.query)
  const id = await suppress(
    lake,
    {
      rule: rule === undefined ? null : await ruleIdCalled(lake, rule, detectSettings(config), limits),
      actor: actor ?? null,
      resource: resource ?? null,
      endsAt: new DuckDBTimestampTZValue(ends),
      why,
    },
    { name: whoDecides(by), nowMs: Date.now() },
  )
  const all = await findingsAnswer(lake, 'suppressions', { max: maxRows(0) }, limits)
  const hides = Number(all.rows.find(([one]) => one === id)?.[9] ?? 0)
  await print(
    `${id}: hides ${counted(hides, 'finding')} that there are, and those to come until ${new Date(Number(ends / 1000n)).toISOString()}\n`,
  )
}

async function unsuppress(id: string, options: CommonOptions & { by?: string }): Promise<void> {
  const { lake, config } = await openExisting(options)
  const all = await findingsAnswer(lake, 'suppressions', { max: maxRows(0) }, limitsOf(config.values.query))
  const found = all.rows.find(([one]) => one === id)
  if (!found)
    throw new UserError(
      `there is no suppression ${visible(id)}: \`loglake findings suppressions\` lists them`,
    )
  const [, rule = null, actor = null, resource = null, , , why = null] = found
  const who = { name: whoDecides(options.by), nowMs: Date.now() }
  await endSuppression(lake, { id, rule, actor, resource, why }, who)
  const [hides, alone] = [Number(found[9]), Number(found[10])]
  const kept = hides > alone ? `, ${grouped(hides - alone)} stay hidden by others` : ''
  await print(`${visible(id)} hides nothing any more: ${counted(alone, 'finding')} shown again${kept}\n`)
}

async function listSuppressions(
  options: CommonOptions & { limit: number; format?: FormatName },
): Promise<void> {
  const { lake, config } = await openExisting(options)
  const found = await findingsAnswer(
    lake,
    'suppressions',
    { max: maxRows(options.limit) },
    limitsOf(config.values.query),
  )
  const format = options.format ?? config.values.query.format
  const { bold, dim } = paint(process.stdout)
  await printListing(found, {
    format,
    noun: 'suppression',
    none: 'no suppressions',
    page: (_, rows) => [
      ...align([
        ['id', 'hides', 'alone', 'of', 'until', 'by', 'why'].map((name) => bold(name)),
        ...rows.map(([id, rule, actor, resource, ends, ended, why, by, , hides, alone]) => [
          visible(String(id)),
          { right: grouped(Number(hides)) },
          { right: grouped(Number(alone)) },
          visible([rule, actor, resource].filter(Boolean).map(String).join(' ')),
          ended === true ? dim('ended') : valueText(ends ?? null).slice(0, 10),
          visible(String(by)),
          visible(String(why)),
        ]),
      ]),
      `together they hide ${counted(Number(rows[0]?.[11] ?? 0), 'finding')}, each counted once`,
    ],
  })
}
