import type { Removed } from '../../erase/found.ts'
import { grouped } from '../../lib/terminal.ts'
import { align, counted } from './layout.ts'
import { print } from './output.ts'

/** Rows that stay, and why. */
function stay(rows: Record<string, number>, why: string): string[] {
  const tables = Object.entries(rows).map(([table, count]) => `${grouped(count)} of ${table}`)
  return tables.length === 0 ? [] : [`${tables.join(', ')} stay: they ${why}.`]
}

/** Removed rows by table, or those that would be removed. */
export async function printRemoved(
  removed: Removed,
  { json, done }: { json: boolean; done: boolean },
): Promise<void> {
  if (json) return await print(`${JSON.stringify({ ...removed, done }, null, 2)}\n`)
  const held = Object.values(removed.held).reduce((sum, one) => sum + one, 0)
  // Rows that followers wrote belong to no object.
  const rows = `${counted(removed.rows, 'row')}${removed.objects > 0 ? ` of ${counted(removed.objects, 'object')}` : ''}`
  const lines = [
    ...align(
      Object.entries(removed.tables).map(([table, rows]) => [`  ${table}`, { right: grouped(rows) }]),
      ' ',
    ),
    ...(held > 0 ? [`${counted(held, 'row')} stay: a legal hold is on them (\`loglake hold list\`).`] : []),
    ...stay(removed.mentioned, 'have it in their text: --mentions removes them, too'),
    ...stay(removed.kept, 'name it, and tell of the lake itself'),
    removed.rows === 0
      ? 'nothing to remove'
      : done
        ? `${rows} removed (${removed.id}). Earlier versions have them until \`loglake vacuum\` gives those up; summaries are made anew by \`loglake follow summaries --rebuild\`.`
        : `${rows} would be removed for good: --yes does it.`,
  ]
  await print(`${lines.join('\n')}\n`)
}
