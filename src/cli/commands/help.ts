import type { Command } from 'commander'
import { UserError } from '../../lib/errors.ts'
import { didYouMean } from '../../lib/nearest.ts'
import { visible } from '../../lib/terminal.ts'
import { examples, type ProgramWith } from '../options.ts'

export function define(command: Command, programWith: ProgramWith): void {
  command
    .argument('[command...]', 'the command; none lists them')
    .action((path: string[]) => help(path, programWith))
  examples(command, ['loglake help query'], ['loglake help rejects replay'])
}

async function help(path: string[], programWith: ProgramWith): Promise<void> {
  const program = await programWith((name) => name === path[0])
  let shown: Command = program
  for (const name of path) {
    const found = shown.commands.find((one) => one.name() === name)
    if (!found) {
      const near = didYouMean(
        name,
        shown.commands.map((one) => one.name()),
      )
      throw new UserError(`there is no command "${visible(path.join(' '))}"${near}`)
    }
    shown = found
  }
  shown.outputHelp()
}
