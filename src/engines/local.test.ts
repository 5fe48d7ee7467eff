import { expect, it } from 'vitest'
import { asOwnAnswer } from './local.ts'

const answer = (columns: string[], rows: unknown[][]) =>
  asOwnAnswer(
    {
      columns,
      types: columns.map(() => 'varchar'),
      rows: (async function* () {
        yield* rows
      })(),
    } as unknown as Parameters<typeof asOwnAnswer>[0],
    {},
  )

it('an answer without columns, as a statement of another engine has it, is said to be none', async () => {
  await expect(answer([], [])).rejects.toThrow(/gave no columns/)
})

it('columns of one name keep their values apart', async () => {
  const own = await answer(['a', 'a'], [['x', 'y']])
  const rows = []
  for await (const row of own.rows()) rows.push([...row])
  own.close()
  expect(rows).toEqual([['x', 'y']])
})
