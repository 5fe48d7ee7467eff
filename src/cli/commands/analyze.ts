import { type Command, Option } from 'commander'
import { begin, prepare } from '../../analyze/run/begin.ts'
import { goOn } from '../../analyze/run/go-on.ts'
import { UserError } from '../../lib/errors.ts'
import { openExisting } from '../../workspace/open.ts'
import { planText } from '../analyze/plan-text.ts'
import { defineRuns } from '../analyze/runs.ts'
import { type SelectOptions, selectionOf, selectOptions } from '../analyze/selected.ts'
import { type AnalyzeOptions, reportOptions, withAnalysis } from '../analyze/with-analysis.ts'
import { commonOptions, examples } from '../options.ts'
import { note, print } from '../show/output.ts'

interface Options extends AnalyzeOptions, SelectOptions {
  by?: 'principal' | 'service' | 'region'
  onDemand?: true
  dryRun?: true
  json?: true
}

export function define(command: Command): void {
  command.helpCommand(false)
  selectOptions(commonOptions(command))
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
  reportOptions(command)
  command.action(analyze)
  defineRuns(command)
  examples(
    command,
    ['loglake analyze --dry-run', 'calls, tokens and dollars, before anything is asked'],
    ['loglake analyze --since 7d --max-usd 5 --to security-topic'],
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
  const opened = await openExisting(options)
  await withAnalysis(opened, options, async (deps) => {
    const settings = { ...deps.settings, ...(options.by ? { by: options.by } : {}) }
    const chosen = { ...deps, settings, batch: options.onDemand ? undefined : deps.batch }
    const version = await opened.lake.newest()
    const selection = await selectionOf(deps.desk, version, settings, options)
    const prepared = await prepare(chosen, selection)
    const { plan } = prepared
    if (options.dryRun) {
      if (options.json)
        await print(`${JSON.stringify({ selection, own: prepared.begun.own, ...plan }, null, 2)}\n`)
      else await print(`${planText(prepared, chosen).join('\n')}\n`)
      return undefined
    }
    for (const line of planText(prepared, chosen)) note(line)
    if (plan.how.kind === 'nothing' || plan.how.kind === 'wait') {
      note(`Nothing was asked: ${plan.how.why}.`)
      return undefined
    }
    if (plan.how.kind === 'on-demand' && !deps.model)
      throw new UserError('no model is set up: name one under `model` in loglake.yaml (docs/analyze.md)')
    checkFirst(plan.most, chosen.mostUsd)
    await begin(chosen, prepared, options.to ?? [])
    note(`analysis ${prepared.run}: \`loglake analyze resume ${prepared.run}\` goes on if this ends early`)
    return await goOn(chosen, prepared.run)
  })
}

function checkFirst(most: number | undefined, mostUsd: number | undefined): void {
  if (mostUsd === undefined) return
  if (most === undefined)
    throw new UserError(
      'a limit in dollars cannot be kept: the price of the model is not known (model.prices, or `prices` in loglake.yaml)',
    )
  if (most > mostUsd)
    throw new UserError(
      `it may cost up to $${most.toFixed(2)}, and $${mostUsd.toFixed(2)} is the most (--max-usd, or analyze.max_usd): nothing was asked`,
    )
}
