import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isPattern, pathsLike } from './globbed.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-globbed-'))
for (const name of [
  'a/x.json',
  'a/y.gz',
  'a/.z.json',
  'b/2026/01/x.json',
  'b/2026/02/x.json',
  'c[1]/x.json',
]) {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), '')
}
symlinkSync('..', join(folder, 'b', 'around'))
symlinkSync('nowhere', join(folder, 'dangling'))

const found = async (pattern: string) =>
  (await pathsLike(join(folder, pattern))).map((path) => relative(folder, path)).sort()

describe('a pattern of paths', () => {
  test.each([
    ['a/*.json', ['a/.z.json', 'a/x.json']],
    ['{a,b}/*.gz', ['a/y.gz']],
    ['b/20??/*/', ['b/2026/01', 'b/2026/02']],
    ['b/2026/{01..03}/x.json', ['b/2026/01/x.json', 'b/2026/02/x.json']],
    ['b/2026/**/x.json', ['b/2026/01/x.json', 'b/2026/02/x.json']],
    ['a/**', ['a']],
    ['[!a-b]\\[1\\]/*', ['c[1]/x.json']],
    ['d*', ['dangling']],
    ['*/nothing', []],
  ])('%s', async (pattern, expected) => expect(await found(pattern)).toEqual(expected))

  test('goes round in no circle', async () => {
    expect(await found('**/01')).toContain('b/2026/01')
  })

  test('is one by its letters', () => {
    expect(['a/b', 'a (1)/b', '!a'].map(isPattern)).toEqual([false, false, false])
    expect(['*', 'a?', '[ab]', '{a,b}'].map(isPattern)).toEqual([true, true, true, true])
  })

  test('with many stars takes no longer than its length times the names', async () => {
    const place = join(folder, 'deep', ...Array.from({ length: 30 }, () => 'a'))
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'a'.repeat(200)), '')
    const before = process.cpuUsage()
    expect(await found(`deep/${'**/a/'.repeat(12)}${'*a'.repeat(100)}b`)).toEqual([])
    // Backtracking over all possibilities would take far longer.
    expect(process.cpuUsage(before).user).toBeLessThan(10e6)
  }, 60_000)
})
