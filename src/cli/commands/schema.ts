import type { Command } from 'commander'
import { configJsonSchema } from '../../config/keys.ts'
import { configReference } from '../../config/reference.ts'
import { examples } from '../options.ts'
import { print } from '../show/output.ts'

export function define(command: Command): void {
  command
    .option('--reference', 'as a page of Markdown for people, with a line for each key')
    .option('--debug', 'show where in the program an error arose')
    .action(schema)
  examples(command, ['loglake schema > loglake.schema.json', 'loglake schema --reference > keys.md'])
}

async function schema({ reference }: { reference?: boolean }): Promise<void> {
  const found = configJsonSchema()
  await print(reference ? configReference(found) : `${JSON.stringify(found, null, 2)}\n`)
}
