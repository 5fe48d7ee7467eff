import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

/** The packages that a module imports, directly or through others, by the module that imports them. */
function loaded(entry: URL): Map<string, string> {
  const packages = new Map<string, string>()
  const seen = new Set<string>()
  const next = [entry]
  for (let url = next.pop(); url; url = next.pop()) {
    if (seen.has(url.href)) continue
    seen.add(url.href)
    const text = readFileSync(url, 'utf8')
    for (const [, names, from = ''] of text.matchAll(
      /^(?:import|export)\s(?!type\s)([^'"]*?)'([^'"]+)'$/gm,
    )) {
      if (names !== '' && !names?.trimEnd().endsWith('from')) continue
      if (from.startsWith('.')) next.push(new URL(from, url))
      else if (!from.startsWith('node:')) packages.set(from, fileURLToPath(url))
    }
  }
  expect(seen.size).toBeGreaterThan(50)
  return packages
}

// Each run starts such threads: DuckDB, avsc and zod in them would cost half a second of processor time,
// and 40 MB.
test('a thread that opens objects loads no package before it meets what needs one', () => {
  expect([...loaded(new URL('./worker.ts', import.meta.url))]).toEqual([])
  expect(loaded(new URL('../session.ts', import.meta.url))).toContainEqual([
    '@duckdb/node-api',
    expect.any(String),
  ])
})
