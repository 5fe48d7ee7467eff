import type { Command } from 'commander'
import { resumeSource } from '../../lake/stop.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { type CommonOptions, openLocation } from '../../workspace/open.ts'
import { commonOptions, examples } from '../options.ts'
import { print } from '../show/output.ts'

export function define(command: Command): void {
  commonOptions(command.argument('<source>', 'its name in loglake.yaml')).action(resume)
  examples(command, ['loglake resume trail'])
}

async function resume(source: string, options: CommonOptions): Promise<void> {
  const { lake } = openLocation(options)
  if (!(await resumeSource(lake, source))) throw new UserError(`${visible(source)} is not stopped`)
  await print(`${visible(source)} goes on\n`)
}
