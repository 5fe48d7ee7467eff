import { find } from '../../query/find/find.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { filesTold, seesEveryRow } from '../rights.ts'

interface Input {
  text: string
  from?: string | undefined
  to?: string | undefined
  limit: number
}

/** Under the reader's limit as every question; no text that people wrote is shown, so there is nothing to mask. */
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
  const told = (counts: typeof files) => filesTold(context.reader, counts)
  // A table that was opened in vain tells that somebody else's rows may have it.
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
