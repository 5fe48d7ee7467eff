import type { Lake } from '../../lake/lake.ts'
import type { LakeVersion } from '../../lake/version.ts'
import { isInBucket, python, uriOf, variable } from './location.ts'

/** A script that opens the tables of one version with pyiceberg. */
export function pyicebergScript(lake: Lake, { number, catalog }: LakeVersion): string {
  const lines = Object.entries(catalog.tables).map(
    ([name, { folder, metadata }]) =>
      `${variable(name)} = StaticTable.from_metadata(${python(uriOf(lake, `${folder}/${metadata}`))})`,
  )
  const who = isInBucket(lake)
    ? ['# Credentials come from your AWS configuration: this script holds none.']
    : []
  return `${[
    `# Version ${number} of the lake. Run \`loglake connect --client pyiceberg\` again for a newer one.`,
    ...who,
    'from pyiceberg.table import StaticTable',
    '',
    ...lines,
  ].join('\n')}\n`
}
