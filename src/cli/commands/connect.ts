import { type Command, Option } from 'commander'
import { duckdbScript } from '../../query/clients/duckdb.ts'
import { pyicebergScript } from '../../query/clients/pyiceberg.ts'
import { sparkScript } from '../../query/clients/spark.ts'
import { type CommonOptions, openExisting } from '../../workspace/open.ts'
import { versionAt } from '../../workspace/version-at.ts'
import { viewsOf } from '../../workspace/views.ts'
import { commonOptions, examples } from '../options.ts'
import { print } from '../show/output.ts'

interface ConnectOptions extends CommonOptions {
  client: 'duckdb' | 'pyiceberg' | 'spark'
  at?: string
}

export function define(command: Command): void {
  commonOptions(command)
    .addOption(
      new Option('--client <name>', 'what will read the lake')
        .choices(['duckdb', 'pyiceberg', 'spark'])
        .default('duckdb'),
    )
    .option('--at <version or time>', 'an earlier version of the lake: 3, 2026-01-07, 7d')
    .action(connect)
  examples(
    command,
    [
      'loglake connect > lake.sql && duckdb -init lake.sql',
      "DuckDB's own shell, or any program that has DuckDB in it",
    ],
    ['loglake connect --client pyiceberg > lake.py && python -i lake.py'],
    ['loglake connect --client spark > lake.py'],
  )
  command.addHelpText(
    'after',
    `
DuckDB gets every table and view, and the functions that they need. The script names files of one version, so run it again
for what came since, and before \`loglake vacuum\` has given that version up. pyiceberg and Spark get the tables. No secret is
written: a lake on S3 is reached by the client's own AWS configuration.`,
  )
}

async function connect(options: ConnectOptions): Promise<void> {
  const { lake, config } = await openExisting(options)
  const version = options.at === undefined ? await lake.newest() : await versionAt(lake, options.at)
  if (options.client === 'pyiceberg') return await print(pyicebergScript(lake, version))
  if (options.client === 'spark') return await print(sparkScript(lake, version))
  const { region, endpoint } = config.values.storage.identity
  await print(await duckdbScript(lake, version, viewsOf(config), { region, endpoint }))
}
