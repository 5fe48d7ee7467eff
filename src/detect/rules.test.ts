import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { allRules } from './index.ts'
import { loadFolders, refusedRules, rulesFor } from './rules.ts'
import { detectDefaults } from './settings.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-own-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

let count = 0
/** A folder of its own with these files. */
function written(files: Record<string, string>): string {
  const place = join(folder, String(++count))
  mkdirSync(place)
  for (const [name, text] of Object.entries(files)) writeFileSync(join(place, name), text)
  return place
}

const rule = (name: string, field = 'eventName: x') =>
  `title: Rule ${name}\nname: ${name}\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection: {own: {${field}}, condition: own}\n`
const over = (name: string) =>
  `title: Often\nname: often\nlevel: low\ncorrelation: {type: event_count, rules: [${name}], timespan: 1h, condition: {gte: 5}}\n`

test('placeholders have the values of the configuration', () => {
  const rules = written({ 'p.yaml': rule('p', "userIdentity.arn|expand: '%admins%'") })
  expect(refusedRules({ ...detectDefaults, rules })).toMatchObject([
    { message: expect.stringContaining('the placeholder %admins% has no values') },
  ])
  const settings = { ...detectDefaults, rules, placeholders: { admins: ['*/alice', '*/bob'] } }
  expect(refusedRules(settings)).toEqual([])
  expect(loadFolders([join(rules, 'p.yaml')], settings).faults).toEqual([])
  expect(rulesFor(settings).sigma.find(({ name }) => name === 'p')).toMatchObject({ name: 'p' })
})

test('a file may refer to rules of the package and of the own folder, and only its own rules are returned', () => {
  const rules = written({ 'mine.yaml': rule('mine'), 'broken.yaml': 'title: Broken\n' })
  const tried = written({
    'a.yaml': over('cloudtrail_stopped'),
    'b.yaml': over('mine'),
    'c.yaml': over('no'),
  })
  const load = (name: string) => loadFolders([join(tried, name)], { ...detectDefaults, rules })
  for (const name of ['a.yaml', 'b.yaml']) {
    const { rules: found, faults } = load(name)
    expect(found.map((one) => one.name)).toEqual(['often'])
    expect(faults).toEqual([])
  }
  expect(load('c.yaml')).toMatchObject({ rules: [], faults: [{ kind: 'refused' }] })
})

test('a rule that is tried takes the place of the one with its id', () => {
  const rules = written({ 'mine.yaml': rule('mine') })
  const changed = join(written({ 'changed.yaml': rule('mine', 'eventName: y') }), 'changed.yaml')
  const version = (one: { files?: string[] }) =>
    allRules({ ...detectDefaults, rules, ...one }).find((found) => found.rule.name === 'mine')?.rule.version
  const { rules: found, faults } = loadFolders([changed], { ...detectDefaults, rules })
  expect(faults).toEqual([])
  expect(found[0]?.version).toBe(version({ files: [changed] }))
  expect(found[0]?.version).not.toBe(version({}))
  // The file itself, where it lies in the folder, is no second rule.
  expect(loadFolders([join(rules, 'mine.yaml')], { ...detectDefaults, rules }).faults).toEqual([])
})
