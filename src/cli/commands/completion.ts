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
import { entries } from '../entries.ts'
import { examples } from '../options.ts'
import { programWith } from '../program.ts'
import { print } from '../show/output.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript }

export function define(command: Command): void {
  command
    .addArgument(new Argument('<shell>', 'the shell that completes').choices(Object.keys(scripts)))
    .action(completion)
  examples(
    command,
    ['source <(loglake completion bash)', 'for this shell; a line of ~/.bashrc for all'],
    ['loglake completion zsh > ~/.zfunc/_loglake'],
    ['loglake completion fish > ~/.config/fish/completions/loglake.fish'],
  )
}

async function completion(shell: keyof typeof scripts): Promise<void> {
  await print(await completionScript(shell))
}

export async function completionScript(shell: keyof typeof scripts): Promise<string> {
  return scripts[shell](completionsOf(await programWith(() => true), namesOf))
}

/** Values that arguments can have in every lake. */
function namesOf(path: string): readonly string[] {
  if (path === 'queries') return namedQueries(logTypes).map(({ name }) => name)
  if (path === 'describe') return [...lakeTables.map(({ name }) => name), ...ownViews().map(viewName)]
  if (path === 'help') return entries.map(({ name }) => name)
  return path === 'completion' ? Object.keys(scripts) : []
}
