import type { LakeVersion } from '../lake/version.ts'
import { literal, sql } from '../lib/sql.ts'
import { visible } from '../lib/terminal.ts'
import type { QueryEngine } from '../query/question.ts'
import { readOf } from './read.ts'
import { conditionOf, type Selection } from './selection.ts'

/** Most names that are suggested for a name without events. */
const MAX = 5

/** A hint for principals without events: similar names in the logs of that span. */
export async function spelled(
  queryEngine: QueryEngine,
  version: LakeVersion,
  selection: Selection,
): Promise<string[]> {
  const read = readOf(queryEngine, version)
  const { principals: named = [], ...others } = selection
  const lines: string[] = []
  for (const name of named) {
    const rows = await read<{ actor: string }>(
      sql(new URL('./sql/spelled.sql', import.meta.url), {
        condition: conditionOf(others),
        part: literal(name.replaceAll('*', '')),
        max: String(MAX),
      }),
    )
    const found = rows.map(({ actor }) => `--principal '${visible(actor)}'`)
    lines.push(
      found.length === 0
        ? `no principal of that span is called "${visible(name)}": \`loglake queries top-callers\` lists them`
        : `no principal of that span is called just "${visible(name)}": a role is a part of the name. Ask by '${visible(name)}*', or by ${found.join(', ')}`,
    )
  }
  return lines
}
