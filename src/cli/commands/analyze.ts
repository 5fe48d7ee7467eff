import { type Command, InvalidArgumentError, Option } from 'commander'
import { dollarText } from '../../analyze/cost.ts'
import { begin, prepare } from '../../analyze/run/begin.ts'
import { goOn } from '../../analyze/run/go-on.ts'
import type { Selection } from '../../analyze/selection.ts'
import { spanMs } from '../../analyze/settings.ts'
import { spelled } from '../../analyze/spelled.ts'
import { UserError } from '../../lib/errors.ts'
import { type Opened, openExisting, openLocation } from '../../workspace/open.ts'
import { type LookedUp, lookUp } from '../analyze/looked-up.ts'
import { planText } from '../analyze/plan-text.ts'
import { defineRuns } from '../analyze/runs.ts'
import { type SelectOptions, selectionOf, selectOptions } from '../analyze/selected.ts'
import { type AnalyzeOptions, reportOptions, withAnalysis } from '../analyze/with-analysis.ts'
import {
  collect,
  commonOptions,
  examples,
  type IdentityOptions,
  identityOf,
  identityOptions,
} from '../options.ts'
import { note, print } from '../show/output.ts'

interface Options extends AnalyzeOptions, SelectOptions, IdentityOptions {
  lookup?: string[]
  by?: 'principal' | 'service' | 'region'
  onDemand?: true
  dryRun?: true
  json?: true
}

export function define(command: Command): void {
  command.helpCommand(false)
  selectOptions(commonOptions(command))
    .addOption(
      new Option(
        '--lookup <region>',
        "first look up the events of this Region in CloudTrail's own history (90 days, no trail needed), and read only those; may be given again",
      ).argParser(aRegion),
    )
    .addOption(
      new Option('--by <what>', 'what one call of the model is about').choices([
        'principal',
        'service',
        'region',
      ]),
    )
    .option('--on-demand', 'ask at once, also where a batch could be made at half the price')
    .option('--dry-run', 'tell what would be read and what it costs, and ask nothing')
    .option('--json', 'with --dry-run: as JSON')
  reportOptions(identityOptions(command))
  command.action(analyze)
  defineRuns(command)
  examples(
    command,
    ['loglake analyze --dry-run', 'calls, tokens and dollars, before anything is asked'],
    ['loglake analyze --since 7d --max-usd 5 --to security-topic'],
    [
      'loglake analyze --lookup eu-central-1 --lookup us-east-1 --since 24h --dry-run',
      'straight from LookupEvents; global services, as IAM, are in us-east-1',
    ],
    ['loglake analyze resume', 'goes on with what was interrupted'],
    ['loglake analyze show 20260108-3f9a2c --format html --output report.html'],
  )
  command.addHelpText(
    'after',
    `
Needs a model (\`model\` in loglake.yaml); with \`analyze.batch\`, Bedrock is asked in batches. What loglake does itself is left out, and
counted. Every finding names events of the lake, and a sentence that its events do not bear out is struck out. See docs/analyze.md.`,
  )
}

async function analyze(options: Options): Promise<void> {
  if (options.json && !options.dryRun)
    throw new UserError('--json goes with --dry-run; `--format json` writes the report so')
  if (!options.lookup && WHO.some((name) => options[name] !== undefined))
    throw new UserError('--profile, --role-arn and the like say who looks up: they go with --lookup')
  const opened = options.lookup ? openLocation(options) : await openExisting(options)
  const found = options.lookup ? await lookedUp(opened, options.lookup, options) : undefined
  if (options.lookup && !found) return
  if (found?.accounts.length === 0)
    return note('LookupEvents has no events of that span: there is nothing to analyse')
  await withAnalysis(opened, options, async (deps) => {
    const settings = { ...deps.settings, ...(options.by ? { by: options.by } : {}) }
    const chosen = { ...deps, settings, batch: options.onDemand ? undefined : deps.batch }
    const version = await opened.lake.newest()
    const selection = found
      ? {
          ...(await selectionOf(deps.queryEngine, version, settings, { ...options, ...found })),
          ...onlyThose(found, options),
        }
      : await selectionOf(deps.queryEngine, version, settings, options)
    const prepared = await prepare(chosen, selection)
    const { plan } = prepared
    if (plan.events === 0 && selection.principals?.length)
      for (const line of await spelled(deps.queryEngine, version, selection)) note(line)
    if (options.dryRun) {
      if (options.json)
        await print(`${JSON.stringify({ selection, own: prepared.begun.own, ...plan }, null, 2)}\n`)
      else {
        const refused = refusalOf(plan.max, chosen.maxUsd)
        const lines = [
          ...planText(prepared, chosen),
          ...(refused ? [`It would be refused: ${refused}.`] : []),
        ]
        await print(`${lines.join('\n')}\n`)
      }
      return undefined
    }
    for (const line of planText(prepared, chosen)) note(line)
    if (plan.how.kind === 'nothing' || plan.how.kind === 'wait') {
      note(`Nothing was asked: ${plan.how.why}.`)
      if (plan.how.kind === 'wait' && deps.model)
        note('An earlier --since has more to ask; --on-demand asks at once.')
      return undefined
    }
    if (plan.how.kind === 'on-demand' && !deps.model)
      throw new UserError('no model is set up: name one under `model` in loglake.yaml (docs/analyze.md)')
    checkFirst(plan.max, chosen.maxUsd)
    await begin(chosen, prepared, options.to ?? [])
    note(`analysis ${prepared.run}: \`loglake analyze resume ${prepared.run}\` goes on if this ends early`)
    return await goOn(chosen, prepared.run)
  })
}

const WHO = ['profile', 'region', 'roleArn', 'externalId', 'endpoint', 'stsEndpoint'] as const

function aRegion(value: string, before: string[] = []): string[] {
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(value))
    throw new InvalidArgumentError('A Region is wanted, as in eu-central-1.')
  return collect(value, before)
}

async function lookedUp(opened: Opened, regions: string[], options: Options): Promise<LookedUp | undefined> {
  const { since, until, inRegion } = options
  if (inRegion && !regions.some((one) => inRegion.includes(one)))
    throw new UserError('--in-region names no Region that --lookup names: nothing would be left')
  const windowMs = spanMs(opened.config.values.analyze.window)
  return await lookUp(opened, { regions, identity: identityOf(options), since, until, windowMs })
}

/** The account and Regions that were looked up; the lake may have others, too. */
function onlyThose(
  { accounts, regions }: LookedUp,
  options: SelectOptions,
): Pick<Selection, 'accounts' | 'regions'> {
  const given = options.inRegion
  return {
    accounts: options.account ?? accounts,
    regions: given ? regions.filter((one) => given.includes(one)) : regions,
  }
}

function checkFirst(max: number | undefined, maxUsd: number | undefined): void {
  const refused = refusalOf(max, maxUsd)
  if (refused)
    throw new UserError(
      `${refused}: nothing was asked${max === undefined ? '' : '. A higher limit, or less to read, lets it begin: --since, --account, --service, --principal'}`,
    )
}

/** Why an analysis is not begun for its limit in dollars; undefined when it may be. */
function refusalOf(max: number | undefined, maxUsd: number | undefined): string | undefined {
  if (maxUsd === undefined) return undefined
  if (max === undefined)
    return 'a limit in dollars cannot be kept: the price of the model is not known (model.prices, or `prices` in loglake.yaml)'
  if (max <= maxUsd) return undefined
  return `it may cost up to ${dollarText(max)}, and ${dollarText(maxUsd)} is the most (--max-usd, or analyze.max_usd)`
}
