import type { Command } from 'commander'
import { configJsonSchema } from '../../config/config.ts'
import { examples } from '../options.ts'
import { print } from '../show/output.ts'

export function define(command: Command): void {
  command.option('--debug', 'show where in the program an error arose').action(schema)
  examples(command, ['loglake schema > loglake.schema.json'])
}

async function schema(): Promise<void> {
  await print(`${JSON.stringify(configJsonSchema(), null, 2)}\n`)
}
