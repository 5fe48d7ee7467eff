import { type Command, Option } from 'commander'
import { DDL_KINDS, type DdlKind, ddlOf } from '../../engines/mirror/ddl.ts'
import { mirrorOnce } from '../../engines/mirror/glue.ts'
import { mirrorSection } from '../../engines/mirror/settings.ts'
import { noteFailure, noteMirrored } from '../../engines/mirror/standing.ts'
import { sentence } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import { mirroringOf, portableViewsOf, refuseOnDisk } from '../../workspace/mirroring.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { collect, commonOptions, examples } from '../options.ts'
import { counted } from '../show/layout.ts'
import { EXIT, note, print } from '../show/output.ts'

interface Options extends CommonOptions {
  database?: string
  printDdl?: DdlKind | true
  putBack?: string[]
  json?: boolean
}

export function define(command: Command): void {
  commonOptions(command)
    .option('--database <name>', 'the database in the Glue Data Catalog; by default `mirror.database`')
    .addOption(
      new Option(
        '--print-ddl [for]',
        'call nothing, and print what somebody is to run: for glue, trino or spark',
      )
        .choices([...DDL_KINDS])
        .preset('glue'),
    )
    .option('--put-back <name>', 'a table that another engine has written to shows the lake again', collect)
    .option('--json', 'print what was done as JSON')
    .action(mirror)
  examples(
    command,
    ['loglake mirror'],
    ['loglake mirror --print-ddl > mirror.sh', 'for those who do not let loglake call Glue'],
    ['loglake mirror --put-back cloudtrail', 'what another engine wrote to it is seen no more'],
  )
  command.addHelpText(
    'after',
    `
Tables and views of the lake in the Glue Data Catalog, at its newest version; \`loglake run\` does it within a minute of each commit
where loglake.yaml has a section \`mirror\`. What loglake did not make is left as it is. See docs/engines.md.`,
  )
}

async function mirror(options: Options): Promise<void> {
  const opened = await openExisting(options)
  const { lake, config } = opened
  const settings = config.values.mirror ?? mirrorSection().parse({})
  const database = options.database ?? settings.database
  const asked = mirrorSection().parse({ ...settings, database })
  if (options.printDdl !== undefined) {
    const views = await portableViewsOf(opened)
    const kind = options.printDdl === true ? 'glue' : options.printDdl
    if (kind === 'glue') refuseOnDisk(lake)
    return await print(await ddlOf(kind, { lake, version: await lake.newest(), settings: asked, views }))
  }
  const mirroring = await mirroringOf(opened, asked)
  try {
    const done = await mirrorOnce({ ...mirroring, putBack: options.putBack ?? [] })
    await noteMirrored(lake, database, done)
    if (done.conflicts.length > 0) process.exitCode = EXIT.failure
    if (options.json) return await print(`${JSON.stringify(done, null, 2)}\n`)
    const { created, updated, same, removed, conflicts, version } = done
    const counts = [
      `${created.length} made`,
      `${updated.length} moved on`,
      `${same} as they were`,
      ...(removed.length > 0 ? [`${counted(removed.length, 'view')} removed`] : []),
    ]
    await print(`${database}: ${counts.join(', ')}; version ${version}\n`)
    for (const { name, why } of conflicts) note(`${visible(name)}: ${visible(why)}`)
  } catch (thrown) {
    await noteFailure(lake, database, sentence(thrown)).catch(() => undefined)
    throw thrown
  } finally {
    mirroring.close()
  }
}
