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

/** Limited to the reader's rows. It shows no text that people wrote, so nothing has to be masked. */
export async function findOf({ text, from, to, limit }: Input, context: Context): Promise<Answer> {
  return await findAnywhere({ text, limit, whole: false, since: from, until: to }, context)
}

/** With whole rows, which are for the operator at the command line. */
export async function findAnywhere(input: LocalInput, context: Context): Promise<Answer> {
  const { since, until, accounts, regions } = input
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
    { scope, limit: input.limit, whole: input.whole },
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
