import type { Command } from 'commander'
import { stopSource, stops } from '../../ingest/stop.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { align } from '../layout.ts'
import { openPlace } from '../open.ts'
import { type CommonOptions, commonOptions, examples } from '../options.ts'
import { note, print } from '../output.ts'

export function define(command: Command): void {
  commonOptions(
    command.argument('[source]', 'its name in loglake.yaml; without one, what is stopped is listed'),
  )
    .option('--because <reason>', 'why, for whoever finds it stopped', 'nobody said why')
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

async function stop(source: string | undefined, options: CommonOptions & { because: string }): Promise<void> {
  const { lake } = openPlace(options)
  if (source === undefined) {
    const found = await stops(lake)
    if (found.length === 0) return note('no source is stopped')
    const lines = align(
      found.map(({ source, at, because }) => [visible(source), visible(at), visible(because)]),
    )
    return await print(`${lines.join('\n')}\n`)
  }
  if (!(await stopSource(lake, source, options.because)))
    throw new UserError(`${visible(source)} is stopped already`)
  await print(`${visible(source)} is stopped\n`)
}
