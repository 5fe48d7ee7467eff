import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const WIDTH = 110
const DECISIONS = 'docs/decisions'
const pages = readdirSync(DECISIONS).map((name) => join(DECISIONS, name))

it.each([...pages, 'README.md', 'ARCHITECTURE.md', 'bench/README.md'])(
  '%s has lines of at most 110 outside of tables and examples',
  (page) => {
    const text = readFileSync(page, 'utf8').replace(/^```.*?^```$/gms, '')
    const long = text
      .split('\n')
      .filter((line) => [...line].length > WIDTH && !line.startsWith('|') && !line.startsWith('    '))
    expect(long).toEqual([])
  },
)

it('comments of the program have lines of at most 110, which the formatter does not see to', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  )
  const long = files.flatMap((file) =>
    readFileSync(join('src', file), 'utf8')
      .split('\n')
      // A line without a space behind its beginning is an address or an example, and cannot be broken.
      .filter((line) => /^\s*(\/\/|\*|\/\*)/.test(line) && [...line].length > WIDTH)
      .filter(
        (line) =>
          /\S \S.* \S/.test(line.replace(/^\s*(\/\/|\/?\*+)\s*/, '')) && !line.includes('biome-ignore'),
      )
      .map((line) => `${file}: ${line.trim()}`),
  )
  expect(long).toEqual([])
})
