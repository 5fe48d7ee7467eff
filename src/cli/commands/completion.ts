import { Argument, type Command } from 'commander'
import { logTypes } from '../../logtypes/index.ts'
import { namedQueries } from '../../query/named.ts'
import { ownViews } from '../../query/own-views.ts'
import { viewName } from '../../query/view.ts'
import { lakeTables } from '../../tables/index.ts'
import { bashScript } from '../completion/bash.ts'
import { fishScript } from '../completion/fish.ts'
import { completionsOf } from '../completion/words.ts'
import { zshScript } from '../completion/zsh.ts'
import { examples, type ProgramWith } from '../options.ts'
import { print } from '../show/output.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }
type Shell = keyof typeof scripts

export function define(command: Command, programWith: ProgramWith): void {
  command
    .addArgument(new Argument('<shell>', 'the shell that completes').choices(Object.keys(scripts)))
    .action(async (shell: Shell) => await print(completionScript(shell, await programWith(() => true))))
  examples(
    command,
    ['source <(loglake completion bash)', 'for this shell; a line of ~/.bashrc for all'],
    ['loglake completion zsh > ~/.zfunc/_loglake'],
    ['loglake completion fish > ~/.config/fish/completions/loglake.fish'],
  )
}

/** @param program the program with every command defined */
export function completionScript(shell: Shell, program: Command): string {
  return scripts[shell](completionsOf(program, (path) => namesOf(path, program)))
}

/** Values that arguments can have in every lake. */
function namesOf(path: string, program: Command): readonly string[] {
  if (path === 'queries') return namedQueries(logTypes).map(({ name }) => name)
  if (path === 'describe') return [...lakeTables.map(({ name }) => name), ...ownViews().map(viewName)]
  if (path === 'help') return program.commands.map((command) => command.name())
  return path === 'completion' ? Object.keys(scripts) : []
}
