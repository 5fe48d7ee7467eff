import { expect, test } from 'vitest'
import type { Passage } from '../../scan/contract.ts'
import type { Rule } from '../contract.ts'
import { detectDefaults } from '../settings.ts'
import { heavier } from './heavier.ts'

const rule = { id: 'r', title: 'A rule' } as Rule

function scorer(score: (text: string) => number) {
  const asked: Passage[] = []
  const failures: [string, unknown][] = []
  const own = heavier<string>(
    {
      ...detectDefaults,
      scorer: {
        least: 0.5,
        scorer: {
          name: 'mine',
          version: '2',
          score: async (passages) => {
            asked.push(...passages)
            return passages.map(({ text }) => score(text))
          },
        },
      },
    },
    {
      signal: new AbortController().signal,
      failed: ({ id }, thrown) => void failures.push([id, thrown]),
    },
    rule,
  )
  if (!own) throw new Error('there is one')
  return { own, asked, failures }
}

test('without a setting nobody is asked', () => {
  const rows = { signal: new AbortController().signal, failed: () => undefined }
  expect(heavier(detectDefaults, rows, rule)).toBeUndefined()
})

test('a long text is asked about in passages that overlap, and what reaches the least score is told', async () => {
  const { own, asked } = scorer((text) => (text.includes('attack') ? 0.5 : 0.4))
  own.add({ text: `${'x'.repeat(998)}attack${'y'.repeat(500)}`, role: 'user', about: 'a' })
  own.add({ text: 'short', role: 'document', about: 'b' })
  expect(await own.scored(false)).toEqual([])
  expect(asked).toEqual([])
  const found = await own.scored(true)
  expect(asked.map(({ role, text }) => [role, text.length])).toEqual([
    ['user', 1_000],
    ['user', 704],
    ['document', 5],
  ])
  expect(found.map(({ about, score, found: by }) => [about, score, by])).toEqual([['a', 0.5, 'mine 2']])
})

test('one that fails is asked no more in the turn, and is told once', async () => {
  const { own, asked, failures } = scorer(() => 7)
  own.add({ text: 'one', role: 'user', about: 'a' })
  expect(await own.scored(true)).toEqual([])
  own.add({ text: 'two', role: 'user', about: 'a' })
  expect(await own.scored(true)).toEqual([])
  expect(asked).toHaveLength(1)
  expect(failures.map(([id]) => id)).toEqual(['scorer mine'])
})
