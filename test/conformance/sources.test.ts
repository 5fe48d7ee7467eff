import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as folder from '../../src/sources/folder.ts'
import { sources } from '../../src/sources/index.ts'

const scratch = mkdtempSync(join(tmpdir(), 'loglake-sources-'))
afterAll(() => rmSync(scratch, { recursive: true }))

interface Described {
  description?: string
  properties?: Record<string, Described>
  additionalProperties?: unknown
}

/** Every key of a schema, as in `filter.accounts`, with what it says of itself. */
function keys(schema: Described, path = ''): [key: string, described: Described][] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, inner]) => [
    [`${path}${key}`, inner] as [string, Described],
    ...keys(inner, `${path}${key}.`),
  ])
}

describe.each(sources.map((source) => [source.name, source] as const))('the source %s', (name, source) => {
  const schema = z.toJSONSchema(source.settings, { io: 'input', target: 'draft-7' }) as Described

  it('lies in the file of its name, and says what it is', () => {
    const file = new URL(`../../src/sources/${name}.ts`, import.meta.url)
    expect(readFileSync(file, 'utf8')).toContain(`export const name = '${name}'`)
    expect(source.doc).toMatch(/^[A-Z].*\.$/)
    expect(readFileSync(new URL('../../src/sources/README.md', import.meta.url), 'utf8')).toContain(
      `\`${name}.ts\``,
    )
  })

  it('describes every setting, and takes no other', () => {
    for (const [key, { description }] of keys(schema)) expect(description, key).toMatch(/^[A-Z`].*\.$/)
    expect(source.settings.safeParse({ ...source.example, nonsense: 1 }).success).toBe(false)
    expect(source.settings.safeParse({}).success).toBe(false)
  })

  it('is called as it is configured', async () => {
    const opened = source.open(source.settings.parse(source.example) as never, { name: 'of-mine' })
    expect(opened.name).toBe('of-mine')
    expect(opened.objects).toBeTypeOf('function')
    await opened.close?.()
  })

  it('opens nothing, and asks nobody, before its objects are asked for', () => {
    const opened = source.open(source.settings.parse(source.example) as never, { name })
    expect(opened.counts?.() ?? {}).toEqual({})
  })
})

it('all are in the list once', () => {
  const names = sources.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})

it('a source that has ended at its signal names no more objects', async () => {
  mkdirSync(join(scratch, 'a'))
  for (const n of [1, 2, 3]) writeFileSync(join(scratch, 'a', String(n)), 'x')
  const stop = new AbortController()
  const seen: string[] = []
  for await (const { uri } of folder
    .open(folder.settings.parse({ paths: [scratch], settle_seconds: 0 }), { name: 'folder' })
    .objects(stop.signal)) {
    seen.push(uri)
    stop.abort()
  }
  expect(seen).toHaveLength(1)
})
