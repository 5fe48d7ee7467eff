import { Command } from 'commander'
import { visible } from '../lib/terminal.ts'
import { entries } from './entries.ts'
import { optionHint } from './option-hints.ts'
import { words } from './options.ts'
import { version } from './version.ts'

/**
 * The program with all commands; only those that are needed are fully defined.
 *
 * @param args the call, for what is said about its mistakes
 */
export async function programWith(
  wanted: (name: string) => boolean,
  args: readonly string[] = [],
): Promise<Command> {
  const program = new Command('loglake')
    .description('An audit log lake for AI on AWS: logs in, Apache Iceberg tables out, SQL on top.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help; `loglake <command> --help` shows more')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false, styleTitle: (title) => `\x1b[1m${title}\x1b[22m` })
    .showHelpAfterError('(`--help` shows what there is)')
    .configureOutput({
      outputError(text, write) {
        const flag = /unknown option '(.*)'/s.exec(text)?.[1]
        const hint = flag === undefined ? undefined : optionHint(program, args, flag)
        write(hint === undefined ? text : `${text.trimEnd()}: ${visible(hint)}\n`)
      },
    })
    .exitOverride()
  for (const { name, group, does, load } of entries) {
    const command = program.command(name).description(does).helpGroup(group)
    command.helpOption('-h, --help', 'show this')
    if (!wanted(name)) continue
    const { define } = await load()
    define(command, programWith)
    for (const below of command.commands) below.helpOption('-h, --help', 'show this')
    for (const one of [command, ...command.commands]) refuseBlanks(one)
  }
  return program
}

/**
 * A blank value is mostly a variable of a shell that is not set: it must not stand for the default, nor for a
 * name.
 */
function refuseBlanks({ registeredArguments, options }: Command): void {
  for (const argument of registeredArguments)
    if (!argument.parseArg && !argument.variadic) argument.argParser(words)
  for (const option of options)
    if (!option.parseArg && !option.variadic && option.required) option.argParser(words)
}
