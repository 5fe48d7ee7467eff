import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const DECISIONS = 'docs/decisions'
const pages = readdirSync(DECISIONS).map((name) => join(DECISIONS, name))

it.each([...pages, 'ARCHITECTURE.md', 'bench/README.md'])(
  '%s has lines of at most 110 outside of tables',
  (page) => {
    const long = readFileSync(page, 'utf8')
      .split('\n')
      .filter((line) => [...line].length > 110 && !line.startsWith('|') && !line.startsWith('    '))
    expect(long).toEqual([])
  },
)
