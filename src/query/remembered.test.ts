import { expect, it } from 'vitest'
import { remembered } from './remembered.ts'

function counting() {
  const made: string[] = []
  const of = remembered(2, async (text) => {
    made.push(text)
    if (text === 'wrong') throw new Error('wrong')
    return text.length
  })
  return { made, of }
}

it('makes each text once, and the one that was used longest ago again', async () => {
  const { made, of } = counting()
  for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(await of(text)).toBe(1)
  expect(made).toEqual(['a', 'b', 'c', 'b'])
})

it('makes what failed anew', async () => {
  const { made, of } = counting()
  await expect(of('wrong')).rejects.toThrow('wrong')
  await expect(of('wrong')).rejects.toThrow('wrong')
  expect(made).toEqual(['wrong', 'wrong'])
})

it('keeps no long ones', async () => {
  const { made, of } = counting()
  const long = 'x'.repeat(100_000)
  await of(long)
  await of(long)
  expect(made.length).toBe(2)
})
