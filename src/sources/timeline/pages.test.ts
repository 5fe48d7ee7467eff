import { expect, it } from 'vitest'
import { pages, RepeatedToken } from './pages.ts'

const all = async <T>(items: AsyncIterable<T>) => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

it('follows tokens past empty pages, to the page without one', async () => {
  const answers = [
    { page: [], next: 'a' },
    { page: [1], next: 'b' },
    { page: [], next: 'c' },
    { page: [2], next: undefined },
  ]
  const tokens: (string | undefined)[] = []
  const found = await all(
    pages(async (token) => {
      tokens.push(token)
      return answers.shift() ?? { page: [], next: undefined }
    }),
  )
  expect(found.flat()).toEqual([1, 2])
  expect(tokens).toEqual([undefined, 'a', 'b', 'c'])
})

it('does not go round in a circle', async () => {
  const next = { a: 'b', b: 'a' } as Record<string, string>
  const asked: string[] = []
  await expect(
    all(
      pages(async (token = 'a') => {
        asked.push(token)
        return { page: [], next: next[token] }
      }),
    ),
  ).rejects.toThrow(RepeatedToken)
  expect(asked.length).toBeLessThan(4)
})
