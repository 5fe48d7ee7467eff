import type { Command } from 'commander'
import { type Head, type Repaired, repair } from '../../lake/repair.ts'
import { visible } from '../../lib/terminal.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples } from '../options.ts'
import { counted } from '../show/layout.ts'
import { EXIT, paint, print } from '../show/output.ts'

interface RepairOptions extends CommonOptions {
  keep?: string
  dryRun?: boolean
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--dry-run', 'only say what would be done')
    .option('--keep <commit>', 'where there are two heads: the commit that the lake goes on from')
    .option('--json', 'print what was done as JSON')
    .action(repairLake)
  examples(
    command,
    ['loglake repair --dry-run', 'what is wrong with the catalog, and what would be done'],
    ['loglake repair', 'mend what needs no decision'],
    ['loglake repair --keep 0f3c…', 'of two heads, go on from this one'],
  )
  command.addHelpText(
    'after',
    `
Mends the list of versions (catalog/), and the copies of metadata that other engines read:

  a version whose file is lost    is stepped over: each version holds the whole truth, so the later ones lack nothing
  two heads (a fork)              both are shown; the one that you --keep becomes the newest version
  a version that is damaged       is stepped over; if it is the newest, you say which one to --keep
  a hint or copy that is stale    is written again
  a lake that is locked           by a vacuum under a clock that was ahead, is unlocked

Data files are never touched. What has to make way is kept under catalog/aside/. Stop all writers of the lake before; \`loglake verify\`
afterwards says whether all adds up. What only a version had that was not kept can be ingested again: its objects are still where they were.

Exit codes: 0 done, or nothing to do; 1 a head has to be chosen first.`,
  )
}

async function repairLake(options: RepairOptions): Promise<void> {
  const { lake } = await openExisting(options)
  const dryRun = options.dryRun === true
  const done = await repair(lake, { keep: options.keep, dryRun })
  if (done.undecided) process.exitCode = EXIT.failure
  if (options.json) return await print(`${JSON.stringify({ ...done, dryRun }, null, 2)}\n`)
  await print(`${report(done, dryRun).join('\n')}\n`)
}

function report({ version, repairs, heads, undecided }: Repaired, dryRun: boolean): string[] {
  const { bold } = paint(process.stdout)
  if (repairs.length === 0 && !undecided) return ['nothing to repair']
  const lines = repairs.map(({ what }) => visible(what))
  if (undecided) {
    const verb = 'Nothing was changed. The lake may go on from:'
    return [...lines, verb, ...heads.flatMap(headLines), bold('Run again with --keep <commit>.')]
  }
  const outcome = dryRun ? 'Nothing was changed' : `Done: ${counted(repairs.length, 'repair')}`
  return [...lines, bold(`${outcome}. The newest version is ${version}.`)]
}

function headLines({ commit, version, at, by, rows }: Head): string[] {
  const counts = Object.entries(rows).map(([table, count]) => `${table} ${count}`)
  return [
    `  --keep ${visible(commit)}`,
    `    version ${version}, by ${visible(by)} at ${visible(at)}; rows: ${visible(counts.join(', '))}`,
  ]
}
