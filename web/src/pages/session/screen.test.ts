import { expect, it } from 'vitest'
import { screenOf } from './screen.ts'

const lines = async (output: string) =>
  (await screenOf(output, () => false))?.rows.map((row) =>
    row
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  )

it('shows what a terminal would, and obeys nothing else', async () => {
  expect(await lines('10%\r20%\r30%\r\ndone')).toEqual(['30%', 'done'])
  expect(
    await lines('\x1b]0;owned\x07\x1b]52;c;ZXZpbA==\x07\x1b]8;;http://attacker.example\x07link\x1b]8;;\x07'),
  ).toEqual(['link'])
})

it('keeps colours and weights as spans', async () => {
  const shown = await screenOf('\x1b[1;31mred\x1b[0m plain', () => false)
  expect(shown?.rows[0]?.slice(0, 2).map(({ text, fg, bold }) => [text.trimEnd(), fg, bold])).toEqual([
    ['red', 'var(--danger)', true],
    [' plain', undefined, false],
  ])
})

it('stops when another screen is wanted', async () => expect(await screenOf('x', () => true)).toBeUndefined())
