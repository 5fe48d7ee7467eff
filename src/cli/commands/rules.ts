import { basename } from 'node:path'
import type { DuckDBValue } from '@duckdb/node-api'
import type { Command } from 'commander'
import { appendRows } from '../../detect/append.ts'
import type { Rule } from '../../detect/contract.ts'
import { allRules } from '../../detect/index.ts'
import { ruleCalled } from '../../detect/named.ts'
import { refusedRules } from '../../detect/rules.ts'
import { isOff } from '../../detect/switches.ts'
import { ruleSwitch } from '../../detect/tables.ts'
import { techniqueText } from '../../detect/techniques.ts'
import { grouped, visible } from '../../lib/terminal.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { detectSettings } from '../../workspace/logtypes.ts'
import { type CommonOptions, openExisting, openLocation } from '../../workspace/open.ts'
import { whoDecides } from '../findings/decide.ts'
import { commonOptions, examples, type FormatName, formatOption, timestamp } from '../options.ts'
import { findingsAnswer } from '../rules/asked.ts'
import { backtest } from '../rules/backtest.ts'
import { addRules, lintFiles, testRules } from '../rules/files.ts'
import { noteRefused } from '../rules/refused.ts'
import { correlationsOver, noteSilent, silentText } from '../rules/silent.ts'
import { printAnswer, stream } from '../show/answer.ts'
import { align, counted } from '../show/layout.ts'
import { paint, print } from '../show/output.ts'
import { severityText } from '../show/severity.ts'

interface ListOptions extends CommonOptions {
  format?: FormatName
}

export function define(command: Command): void {
  command.helpCommand(false)
  const list = command
    .command('list', { isDefault: true })
    .description('list rules: what each finds, how bad it is, whether it is on')
  commonOptions(list)
    .addOption(formatOption())
    .action((_: ListOptions, called: Command) => listRules(called.optsWithGlobals()))
  const show = command.command('show <rule>').description('print all that there is to know of a rule')
  commonOptions(show).action((name: string, _: CommonOptions, called: Command) =>
    showRule(name, called.optsWithGlobals()),
  )
  const add = command
    .command('add <file...>')
    .description('check rules, and put them into the folder of detect.rules')
  commonOptions(add).action((files: string[], _: CommonOptions, called: Command) =>
    addRules(files, called.optsWithGlobals()),
  )
  const test = command
    .command('test [rule...]')
    .description(
      'run the tests that rules carry: of files, of ids; without one, of all rules that are ours or yours',
    )
  commonOptions(test).action((names: string[], _: CommonOptions, called: Command) =>
    testRules(names, called.optsWithGlobals()),
  )
  const back = command
    .command('backtest <rule>')
    .description('tell what a rule, or the rules of a file, would have found in the lake, and change nothing')
  commonOptions(back)
    .option('--since <time>', 'only in rows from then on, as in 2026-01-07 or 30d', timestamp)
    .option('--until <time>', 'only in rows before then', timestamp)
    .option('--json', 'print it as JSON')
    .action((name: string, _: CommonOptions, called: Command) => backtest(name, called.optsWithGlobals()))
  const lint = command.command('lint <file...>').description('say what is wrong with rules, by file and line')
  commonOptions(lint).action((files: string[], _: CommonOptions, called: Command) =>
    lintFiles(files, called.optsWithGlobals()),
  )
  const disable = command.command('disable <rule>').description('switch a rule off in this lake')
  commonOptions(disable)
    .requiredOption('--why <text>', 'the reason')
    .option('--by <name>', 'who decides (default: who runs loglake)')
    .action((name: string, _: CommonOptions, called: Command) =>
      switchRule(name, true, called.optsWithGlobals()),
    )
  const enable = command.command('enable <rule>').description('switch a rule on in this lake')
  commonOptions(enable)
    .option('--why <text>', 'the reason')
    .option('--by <name>', 'who decides (default: who runs loglake)')
    .action((name: string, _: CommonOptions, called: Command) =>
      switchRule(name, false, called.optsWithGlobals()),
    )
  examples(
    command,
    ['loglake rules list --format json'],
    ['loglake rules show cloudtrail_stopped'],
    ['loglake rules lint my-rule.yaml'],
    ['loglake rules test my-rule.yaml'],
    ['loglake rules backtest my-rule.yaml --since 30d', 'what it would have found'],
    ['loglake rules disable root_model_call --why "a new account"'],
  )
}

async function standing(options: CommonOptions) {
  const { lake, config } = openLocation(options)
  const { detect, query } = config.values
  const counts = (await lake.exists()) ? (await findingsAnswer(lake, 'rules', {}, limitsOf(query))).rows : []
  const byRule = new Map(counts.map((row) => [String(row[0]), row]))
  const switches = new Map(
    counts.flatMap(([rule, , , off]) => (typeof off === 'boolean' ? [[String(rule), off] as const] : [])),
  )
  return { config, byRule, off: (rule: Rule) => isOff(rule, detect, switches) }
}

async function listRules(options: ListOptions): Promise<void> {
  const { config, byRule, off } = await standing(options)
  const settings = detectSettings(config)
  noteRefused(refusedRules(settings))
  noteSilent(settings, off)
  const rules = allRules(settings).filter(({ rule }) => rule.reports)
  const look = paint(process.stdout)
  const { bold, dim } = look
  const format = options.format ?? config.values.query.format
  const facts = rules.map(({ rule, detector }) => ({
    rule,
    detector,
    isOn: !off(rule),
    findings: Number(byRule.get(rule.id)?.[1] ?? 0),
  }))
  if (format !== 'table') {
    const columns = [
      'id',
      'name',
      'title',
      'level',
      'on',
      'detector',
      'findings',
      'author',
      'licence',
      'attack',
      'atlas',
      'owasp',
      'file',
    ]
    const rows = facts.map(({ rule, detector, isOn, findings }): DuckDBValue[] => [
      rule.id,
      rule.name ?? null,
      rule.title,
      rule.level,
      isOn,
      detector,
      findings,
      rule.author ?? null,
      rule.licence ?? null,
      rule.attack.join(' '),
      rule.atlas.join(' '),
      rule.owasp.join(' '),
      rule.origin.file,
    ])
    return await printAnswer(format, columns, stream(rows))
  }
  const lines = align([
    [bold('rule'), bold('level'), bold(''), { right: bold('findings') }, bold('title')],
    ...facts.map(({ rule, isOn, findings }) => [
      visible(rule.name ?? basename(rule.origin.file).replace(/\.ya?ml$/, '')),
      severityText(rule.level, look),
      isOn ? '' : dim('off'),
      { right: findings === 0 ? '-' : grouped(findings) },
      visible(rule.title),
    ]),
  ])
  await print(
    `${lines.join('\n')}\n${counted(facts.length, 'rule')}, ${facts.filter(({ isOn }) => isOn).length} on\n`,
  )
}

async function showRule(name: string, options: CommonOptions): Promise<void> {
  const { config, byRule, off } = await standing(options)
  const settings = detectSettings(config)
  const rule = ruleCalled(name, settings)
  const serves = correlationsOver(rule, settings)
  const { bold, dim } = paint(process.stdout)
  const row = byRule.get(rule.id)
  const facts: [string, string | undefined][] = [
    ['id', rule.id],
    ['name', rule.name],
    ['version', rule.version],
    ['level', rule.level],
    ['on', off(rule) ? `no${whyOff(rule, row)}` : 'yes'],
    [
      'serves',
      serves.length === 0
        ? undefined
        : `${serves.map((one) => `${one.title}${off(one) ? ' (off)' : ''}`).join(', ')}${rule.reports ? '' : ', and reports nothing by itself'}`,
    ],
    ['findings', grouped(Number(row?.[1] ?? 0))],
    ['tables', rule.tables.join(', ')],
    ['author', rule.author],
    ['licence', rule.licence],
    ['attack', rule.attack.map((id) => techniqueText('attack', id)).join('; ') || undefined],
    ['atlas', rule.atlas.map((id) => techniqueText('atlas', id)).join('; ') || undefined],
    ['owasp', rule.owasp.map((id) => techniqueText('owasp', id)).join('; ') || undefined],
    ['wrong when', rule.falsepositives.join(' ') || undefined],
    ['to do', rule.runbook],
    ...(rule.filters ?? []).map(({ title, why, origin }): [string, string] => [
      'left out',
      `${title} (${origin.file}:${origin.line})${why === undefined ? '' : `: ${why.trim().replace(/\s+/g, ' ')}`}`,
    ]),
    ...rule.references.map((one): [string, string] => ['see', one]),
    ['file', `${rule.origin.file}:${rule.origin.line}`],
  ]
  const lines = align(
    facts.flatMap(([key, value]) => (value === undefined ? [] : [[dim(key), visible(value)]])),
  )
  await print(
    `${bold(visible(rule.title))}\n\n${visible((rule.description ?? '').trim())}\n\n${lines.join('\n')}\n`,
  )
}

/** The reason why a rule is off: of the one who switched it off in this lake, or its own. */
function whyOff(rule: Rule, row: readonly DuckDBValue[] | undefined): string {
  const [, , , isOff, why, by] = row ?? []
  if (isOff === true) return `: ${why ?? 'no reason is given'} (${by})`
  return rule.off === undefined ? '' : `: ${rule.off}`
}

async function switchRule(
  name: string,
  off: boolean,
  options: CommonOptions & { why?: string; by?: string },
): Promise<void> {
  const { lake, config } = await openExisting(options)
  const settings = detectSettings(config)
  const rule = ruleCalled(name, settings)
  await appendRows(lake, `rules ${off ? 'disable' : 'enable'}`, ruleSwitch, [
    {
      rule: rule.id,
      made_at: new Date().toISOString(),
      made_by: whoDecides(options.by),
      is_off: off,
      why: options.why ?? null,
    },
  ])
  await print(`${visible(rule.title)} is ${off ? 'off' : 'on'} in this lake\n`)
  if (off) await print(silentText(rule, settings))
}
