import type { Command } from 'commander'
import { stopSource, stops } from '../../lake/stop.ts'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { kindOf } from '../../sources/index.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { type CommonOptions, type Opened, openLocation } from '../../workspace/open.ts'
import { commonOptions, examples } from '../options.ts'
import { answerTo } from '../show/answer.ts'
import { align } from '../show/layout.ts'
import { note, print } from '../show/output.ts'

export function define(command: Command): void {
  commonOptions(
    command.argument('[source]', 'its name in loglake.yaml; without one, what is stopped is listed'),
  )
    .option('--force', 'stop it even if neither the configuration nor the lake knows its name')
    .option('--because <reason>', 'why it is stopped: `status` shows it', 'no reason given')
    .action(stop)
  examples(
    command,
    ['loglake stop trail --because "the account was misconfigured"'],
    ['loglake stop', 'what is stopped?'],
  )
  command.addHelpText(
    'after',
    `
Takes effect in seconds, on every machine that fills this lake: nothing more is received or read, what has been read is committed,
and what has not goes back to its queue. \`loglake resume <source>\` ends it.`,
  )
}

async function stop(
  source: string | undefined,
  options: CommonOptions & { because: string; force?: boolean },
): Promise<void> {
  const opened = openLocation(options)
  const { lake } = opened
  if (source === undefined) {
    const found = await stops(lake)
    if (found.length === 0) return note('no source is stopped')
    const lines = align(
      found.map(({ source, at, because }) => [visible(source), visible(at), visible(because)]),
    )
    return await print(`${lines.join('\n')}\n`)
  }
  if (!options.force) await refuseUnknown(opened, source)
  const at = new Date()
  if (!(await stopSource(lake, source, options.because)))
    throw new UserError(`${visible(source)} is stopped already`)
  await print(`${visible(source)} is stopped since ${at.toISOString()}, ${seenBy(opened, source)}\n`)
}

/** Rejects a misspelled name, which would stop nothing without a message. */
async function refuseUnknown({ lake, config }: Opened, source: string): Promise<void> {
  const configured = Object.keys(config.values.sources)
  if (configured.includes(source)) return
  const { rows } = (await lake.exists())
    ? await answerTo(lake, 'sources', {}, limitsOf(config.values.query))
    : { rows: [] }
  const names = [...new Set([...configured, ...rows.map(([name]) => String(name))])]
  if (names.includes(source)) return
  const all = names.length === 0 ? 'there is none yet' : `there are ${names.map(visible).join(', ')}`
  throw new UserError(
    `neither loglake.yaml nor the lake has a source ${visible(source)}${didYouMean(source, names)} (${all}); --force stops it all the same`,
  )
}

/** The time by which every process that runs the source has seen that it is stopped. */
function seenBy({ config }: Opened, source: string): string {
  const { sources } = config.values
  const settings = Object.hasOwn(sources, source) ? sources[source] : undefined
  const seconds = (settings && kindOf(settings).looksEvery?.(settings as never)) ?? 2
  const by = new Date(Date.now() + seconds * 1000).toISOString()
  return `which all that runs has seen by ${by}; what was read before is committed`
}
