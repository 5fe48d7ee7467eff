import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { entries } from './entries.ts'

/** The program with all of its commands, of which those are defined whole that are wanted. */
export async function programWith(wanted: (name: string) => boolean): Promise<Command> {
  const program = new Command('loglake')
    .description('An audit log lake for AI on AWS: logs in, Apache Iceberg tables out, SQL on top.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help; `loglake <command> --help` shows more')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false, styleTitle: (title) => `\x1b[1m${title}\x1b[22m` })
    .showHelpAfterError('(`--help` shows what there is)')
    .exitOverride()
  for (const { name, group, does, load } of entries) {
    const command = program.command(name).description(does).helpGroup(group)
    command.helpOption('-h, --help', 'show this')
    if (!wanted(name)) continue
    const { define } = await load()
    define(command)
    for (const below of command.commands) below.helpOption('-h, --help', 'show this')
  }
  return program
}

export function version(): string {
  const file = new URL('../../package.json', import.meta.url)
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
