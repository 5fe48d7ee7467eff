import type { Command } from 'commander'
import { examples } from '../options.ts'
import { print } from '../show/output.ts'
import { version } from '../version.ts'

export function define(command: Command): void {
  command.action(() => print(`${version()}\n`))
  examples(command, ['loglake version'])
}
