import { find } from '../../query/find/find.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { seesEveryRow, visibleFiles } from '../rights.ts'
import type { Scoped } from '../shapes.ts'

interface Input {
  text: string
  from?: string | undefined
  to?: string | undefined
  limit: number
}

/** From the command line. */
interface LocalInput extends Scoped {
  text: string
  limit: number
  whole: boolean
}

/**
 * Limited to the reader's rows. It shows no text that people wrote, so nothing has to be masked; whole rows
 * are for the operator at the command line.
 */
export async function findOf(input: Input | LocalInput, context: Context): Promise<Answer> {
  const given: Scoped = 'whole' in input ? input : { since: input.from, until: input.to }
  const { since, until, accounts, regions } = given
  const scope = {
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(accounts === undefined ? {} : { accounts }),
    ...(regions === undefined ? {} : { regions }),
  }
  const found = await find(
    context.version,
    context.lake.tables.values(),
    input.text,
    (question, files) =>
      context.open(question, { files, span: { since, until }, places: { accounts, regions } }),
    { scope, limit: input.limit, whole: 'whole' in input && input.whole },
  )
  const { rows, tables, files } = found
  const told = (counts: typeof files) => visibleFiles(context.reader, counts)
  // The number of files opened would reveal that other people's rows may have the value.
  const shown = seesEveryRow(context.reader) ? tables : tables.filter((one) => one.rows > 0)
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: {
      version: context.version.number,
      ...found,
      tables: shown.map((one) => ({ ...one, files: told(one.files) })),
      files: told(files),
    },
  }
}
