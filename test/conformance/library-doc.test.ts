import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { run } from '../e2e/program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'library-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the example of docs/library.md runs as it stands, and again', async () => {
  const [, example = ''] =
    /```js\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs/library.md'), 'utf8')) ?? []
  writeFileSync(join(folder, 'example.mjs'), example)
  cpSync(
    join(root, 'samples/logs/AWSLogs/o-exampleorgid/111122223333/CloudTrail/us-east-1/2026/01/08'),
    join(folder, 'AWSLogs'),
    {
      recursive: true,
    },
  )
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  // The package itself is found by its name below its own folder only.
  const code = example.replace("from 'loglake'", `from ${JSON.stringify(join(root, 'dist/index.js'))}`)
  expect(code).not.toBe(example)
  writeFileSync(join(folder, 'example.mjs'), code)
  const first = await run(process.execPath, ['example.mjs'], { cwd: folder })
  expect([first.code, first.err]).toEqual([0, ''])
  const lines = first.out.trimEnd().split('\n')
  expect(lines[0]).toMatch(/^[1-9]\d* stored, \d+ repeated, \d+ skipped, 0 rejected$/)
  expect(lines[1]).toBe('eventname, calls')
  expect(lines).toContainEqual(expect.stringMatching(/^StartSession: [1-9]\d*$/))
  const again = await run(process.execPath, ['example.mjs'], { cwd: folder })
  expect(again.code).toBe(0)
  expect(again.out.split('\n').slice(1)).toEqual(first.out.split('\n').slice(1))
}, 120_000)
