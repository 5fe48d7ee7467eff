import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { logTypeOf } from '../../src/onboard/logtype.ts'
import { readLogType } from '../../src/onboard/read.ts'
import { checkSelects } from '../../src/workspace/check.ts'
import { freshFolder, loglake } from '../e2e/program.ts'

/** The worked examples are log types like ours: what holds for ours holds for them. */

const PLACE = 'docs/onboarding'
const EXPECTATION = /\.(rows|rejects)\.json$/
const examples = readdirSync(PLACE, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)

describe.each(examples)('%s', (name) => {
  const folder = join(PLACE, name)
  const definition = readLogType(folder)
  const type = logTypeOf(definition, 'a key of the tests')

  test('has a sentence for itself and for each column', async () => {
    for (const { doc } of [type, ...type.columns]) expect(doc).toMatch(/^[A-Z`'"].{8,}\.$/s)
    await checkSelects([type])
  })

  test('becomes the rows that are written down, which fill every column', async () => {
    const { code, out, err } = await loglake(['logtypes', 'test', resolve(folder)])
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(out).toMatch(/ as expected$/m)
    expect(out).not.toContain('no fixture fills')
  })

  test('writes the same rows anew', async () => {
    const copy = join(freshFolder(), name)
    cpSync(folder, copy, { recursive: true })
    const expectations = readdirSync(join(copy, 'fixtures')).filter((file) => EXPECTATION.test(file))
    expect(expectations.length).toBeGreaterThan(0)
    for (const file of expectations) rmSync(join(copy, 'fixtures', file))
    expect(await loglake(['logtypes', 'test', copy])).toMatchObject({ code: 2 })
    expect(await loglake(['logtypes', 'test', copy, '--write'])).toMatchObject({ code: 0 })
    for (const file of expectations) {
      const written = readFileSync(join(copy, 'fixtures', file), 'utf8')
      expect(written).toBe(readFileSync(join(folder, 'fixtures', file), 'utf8'))
    }
  })

  test('stores nothing sensitive in the clear, whoever reads it', async () => {
    const cwd = freshFolder()
    const env = { LOGLAKE_HASH_KEY: 'a secret of the tests' }
    writeFileSync(join(cwd, 'loglake.yaml'), `logtypes: ${resolve(PLACE)}\n`)
    const fixtures = [
      'ingest',
      resolve(folder, 'fixtures'),
      '--exclude',
      '*.rows.json',
      '--exclude',
      '*.rejects.json',
    ]
    expect(await loglake(fixtures, { cwd, env })).toMatchObject({ code: 0 })
    const ask = (sql: string) => loglake(['query', sql, '--format', 'json'], { cwd })
    const stored = (await ask(`from ${name}`)).out + (await ask('select decode(bytes) from reject')).out
    expect(stored).toContain('"lake_object"')
    for (const { path } of definition.sensitive) {
      const values = fixtureTexts().flatMap((text) => valuesAt(text, path.at(-1) as string))
      expect(values.length).toBeGreaterThan(0)
      for (const value of values) expect(stored).not.toContain(value)
    }
  })

  function fixtureTexts(): string[] {
    return readdirSync(join(folder, 'fixtures'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !EXPECTATION.test(entry.name))
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').replaceAll('\\"', '"'))
  }

  function valuesAt(text: string, field: string): string[] {
    return [...text.matchAll(new RegExp(`"${field}":"([^"]+)"`, 'g'))].map(([, value]) => value as string)
  }
})
