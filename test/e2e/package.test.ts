import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { freshFolder, run } from './program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The package as npm packs it, unpacked where npm would install it, beside the packages that it needs. */
function installed(): string {
  const place = freshFolder()
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', place], {
    cwd: root,
    encoding: 'utf8',
  })
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]
  const modules = join(place, 'node_modules')
  mkdirSync(join(modules, 'loglake'), { recursive: true })
  execFileSync('tar', ['-xzf', join(place, filename), '--strip-components=1', '-C', join(modules, 'loglake')])
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.') && name !== 'loglake')
      symlinkSync(join(root, 'node_modules', name), join(modules, name))
  return place
}

test('what is packed starts, is imported by its name, and has its documents', async () => {
  const place = installed()
  const home = join(place, 'node_modules/loglake')
  const { bin, man, exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  const files = [
    bin.loglake,
    man,
    'README.md',
    'LICENSE',
    'loglake.schema.json',
    'docs/library.md',
    'docs/sources.md',
  ]
  for (const way of Object.values<string | Record<string, string>>(exports))
    files.push(...(typeof way === 'string' ? [way] : Object.values(way)))
  expect(files.filter((file) => !existsSync(join(home, file)))).toEqual([])

  const start = (...args: string[]) =>
    run(process.execPath, [join(home, bin.loglake), ...args], { cwd: place })
  expect((await start('demo')).out).toMatch(/goran@example\.com +BreakGlassAdmin/)
  const asked = await start(
    'queries',
    'by-access-key',
    '--lake',
    'demo-lake',
    '--limit',
    '1',
    '--format',
    'json',
  )
  expect(JSON.parse(asked.out)).toHaveLength(1)

  writeFileSync(
    join(place, 'own.mjs'),
    "import { ask, localStorage, lakeTables, openLake } from 'loglake'\nimport { fromBytes } from 'loglake/lake'\n" +
      "const answer = await ask(openLake(localStorage('demo-lake'), lakeTables), 'select count(*) from cloudtrail')\n" +
      'for await (const [count] of answer.rows()) console.log(typeof fromBytes, String(count))\nanswer.close()\n',
  )
  expect((await run(process.execPath, ['own.mjs'], { cwd: place })).out).toBe('function 4015\n')
}, 180_000)
