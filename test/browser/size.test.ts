import { readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

/** A file in Vite's manifest. */
interface Made {
  file: string
  isEntry?: boolean
  css?: string[]
  imports?: string[]
}

const built = fileURLToPath(new URL('../../dist/web/', import.meta.url))
const made: Record<string, Made> = JSON.parse(readFileSync(`${built}manifest.json`, 'utf8'))
const entry = Object.keys(made).find((name) => made[name]?.isEntry) as string

/** The scripts and styles of some entries, with all that they import. */
function filesOf(names: readonly string[]): Set<string> {
  const files = new Set<string>()
  const seen = new Set<string>()
  const add = (name: string) => {
    const one = made[name]
    if (!one || seen.has(name)) return
    seen.add(name)
    files.add(one.file)
    for (const style of one.css ?? []) files.add(style)
    for (const other of one.imports ?? []) add(other)
  }
  for (const name of names) add(name)
  return files
}

const kilobytes = (names: readonly string[]) =>
  [...filesOf(names)].reduce((sum, file) => sum + statSync(`${built}${file}.gz`).size, 0) / 1000

/** Scripts that a page loads later, for its main task. */
const LATER: Record<string, string[]> = {
  'src/pages/session/session.tsx': ['src/pages/session/screen-view.tsx'],
  'src/pages/query/query.tsx': ['src/pages/query/editor.tsx'],
}
const pages = Object.keys(made).filter((name) => /^src\/pages\/([\w-]+)(\/\1)?\.tsx$/.test(name))

describe('scripts and styles, gzip', () => {
  it('knows the pages', () => expect(pages.length).toBeGreaterThan(10))

  it('takes at most 150 kB for the first page', () => {
    const size = kilobytes([entry, 'src/pages/overview/overview.tsx'])
    console.log(`first page ${size.toFixed(1)} kB`)
    expect(size).toBeLessThan(150)
  })

  it.each(pages)('takes at most 300 kB for %s', (page) => {
    const size = kilobytes([entry, page, ...(LATER[page] ?? [])])
    console.log(`${page} ${size.toFixed(1)} kB`)
    expect(size).toBeLessThan(300)
  })
})
