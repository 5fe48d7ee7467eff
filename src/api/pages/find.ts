import { find } from '../../query/find/find.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { seesEveryRow, visibleFiles } from '../rights.ts'

interface Input {
  text: string
  from?: string | undefined
  to?: string | undefined
  limit: number
}

/** Limited to the reader's rows; it shows no text that people wrote, so nothing has to be masked. */
export async function findOf(input: Input, context: Context): Promise<Answer> {
  const scope = {
    ...(input.from === undefined ? {} : { since: input.from }),
    ...(input.to === undefined ? {} : { until: input.to }),
  }
  const found = await find(
    context.version,
    context.lake.tables.values(),
    input.text,
    (question, files) => context.open(question, { files }),
    { scope, limit: input.limit },
  )
  const { rows, tables, files, ...rest } = found
  const told = (counts: typeof files) => visibleFiles(context.reader, counts)
  // The number of files opened would reveal that other people's rows may have the value.
  const shown = seesEveryRow(context.reader) ? tables : tables.filter((one) => one.rows > 0)
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: {
      version: context.version.number,
      ...rest,
      rows,
      tables: shown.map((one) => ({ ...one, files: told(one.files) })),
      files: told(files),
    },
  }
}
