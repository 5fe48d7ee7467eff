import { expect, test } from 'vitest'
import { logTypes } from '../../logtypes/index.ts'
import { OUR_TEXTS } from './texts.ts'

test('of every table with a conversation, prompts, results of tools and answers are scanned', () => {
  const wanted = ['prompt', 'tool_results', 'completion']
  const withThem = logTypes.filter(({ columns }) =>
    wanted.every((name) => columns.some((column) => column.name === name)),
  )
  expect(withThem.length).toBeGreaterThan(1)
  for (const { name } of withThem)
    expect(OUR_TEXTS.find((table) => table.name === name)?.columns.map((column) => column.name)).toEqual(
      wanted,
    )
})
