import type { Command } from 'commander'
import { examples } from '../options.ts'
import { version } from '../program.ts'
import { print } from '../show/output.ts'

export function define(command: Command): void {
  command.action(() => print(`${version()}\n`))
  examples(command, ['loglake version'])
}
