import type { Command } from 'commander'
import { resumeSource } from '../../ingest/stop.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { openPlace } from '../open.ts'
import { type CommonOptions, commonOptions, examples } from '../options.ts'
import { print } from '../output.ts'

export function define(command: Command): void {
  commonOptions(command.argument('<source>', 'its name in loglake.yaml')).action(resume)
  examples(command, ['loglake resume trail'])
}

async function resume(source: string, options: CommonOptions): Promise<void> {
  const { lake } = openPlace(options)
  if (!(await resumeSource(lake, source))) throw new UserError(`${visible(source)} is not stopped`)
  await print(`${visible(source)} goes on\n`)
}
