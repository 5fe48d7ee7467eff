import type { Command } from 'commander'
import { vacuum } from '../../lake/vacuum.ts'
import { byteSize } from '../../lib/terminal.ts'
import { dropStaleFollowers } from '../../workspace/following.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { keepLog } from '../../workspace/witness.ts'
import { commonOptions, examples, number } from '../options.ts'
import { counted } from '../show/layout.ts'
import { note, print } from '../show/output.ts'

interface VacuumOptions extends CommonOptions {
  keep?: number
  grace?: number
  dryRun?: boolean
  json?: boolean
}

const HOUR_MS = 3_600_000

export function define(command: Command): void {
  commonOptions(command)
    .option('--keep <days>', 'days that earlier versions are kept (default: as configured, or 7)', number)
    .option(
      '--grace <hours>',
      'hours that files without a version are kept (default: as configured, or 24)',
      number,
    )
    .option('--dry-run', 'only say what would be removed')
    .option('--json', 'print what was done as JSON')
    .action(vacuumLake)
  examples(command, ['loglake vacuum --dry-run'], ['loglake vacuum --keep 30'])
  command.addHelpText(
    'after',
    "\nNo row of the newest version is ever removed, nor a file that bears no name of the lake. Files are dated by the storage's clock: a clock that is more than\nfive minutes off is refused. A grace of less than the longest commit is for a lake that nobody writes to.",
  )
}

async function vacuumLake(options: VacuumOptions): Promise<void> {
  const { lake, config } = await openExisting(options)
  const { snapshots_days, grace_hours } = config.values.retention
  const dryRun = options.dryRun === true
  if (!dryRun) await dropStaleFollowers(lake, config.values, note)
  // The log comes first: what a version did is known only while the version exists.
  if (!dryRun) await keepLog(lake, config.values)
  const done = await vacuum(lake, {
    keepMs: (options.keep ?? snapshots_days) * 24 * HOUR_MS,
    graceMs: (options.grace ?? grace_hours) * HOUR_MS,
    dryRun,
  })
  if (!dryRun) await keepLog(lake, config.values)
  if (options.json) return await print(`${JSON.stringify({ ...done, dryRun }, null, 2)}\n`)
  const { snapshots, files, bytes } = done
  if (snapshots === 0 && files === 0) return await print('nothing to remove\n')
  const versions = snapshots === 0 ? '' : `, ${counted(snapshots, 'earlier snapshot')} given up`
  const removed = `${counted(files, 'file')} (${byteSize(bytes)})`
  await print(dryRun ? `${removed} would be removed\n` : `${removed} removed${versions}\n`)
}
