import type { Command } from 'commander'
import { compact } from '../../lake/compact.ts'
import { byteSize, grouped, progressLine } from '../../lib/terminal.ts'
import { dropStaleFollowers } from '../../workspace/following.ts'
import { memoryText } from '../../workspace/limits.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { keepLog } from '../../workspace/witness.ts'
import { commonOptions, examples, size, wholeNumber } from '../options.ts'
import { align, counted } from '../show/layout.ts'
import { note, print } from '../show/output.ts'

interface CompactOptions extends CommonOptions {
  threads?: number
  memory?: number
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--threads <number>', 'threads to work with', wholeNumber(1))
    .option('--memory <size>', 'most memory to work with, as in 1GiB', size)
    .option('--json', 'print what was done as JSON')
    .action(compactLake)
  examples(command, ['loglake compact'])
  command.addHelpText(
    'after',
    '\nReaders and writers go on meanwhile. The small files stay until `loglake vacuum` gives up the versions they belong to.',
  )
}

async function compactLake(options: CompactOptions): Promise<void> {
  const { lake, config } = await openExisting(options)
  await dropStaleFollowers(lake, config.values, note)
  const line = progressLine(process.stderr)
  const { threads } = options
  const memory = memoryText(options.memory)
  const done = await compact(lake, {
    limits: { ...(threads === undefined ? {} : { threads }), ...(memory === undefined ? {} : { memory }) },
    onProgress: ({ table, group, groups }) => line.show(`${table}: ${grouped(group)} of ${grouped(groups)}`),
    onHeld: ({ table, files }) =>
      note(
        `${table}: ${counted(files, 'file')} stay as they are until followers have read them (\`loglake followers\`)`,
      ),
  })
  line.clear()
  await keepLog(lake, config.values)
  if (options.json) return await print(`${JSON.stringify(done, null, 2)}\n`)
  if (done.length === 0) return await print('nothing to compact: the files are as large as they get\n')
  const lines = align(
    done.map(({ table, filesBefore, filesAfter, bytesBefore, bytesAfter }) => [
      table,
      { right: grouped(filesBefore) },
      'files →',
      { right: grouped(filesAfter) },
      { right: byteSize(bytesBefore) },
      '→',
      { right: byteSize(bytesAfter) },
    ]),
    ' ',
  )
  await print(`${lines.join('\n')}\n`)
}
