import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { checks } from '../../src/detect/agents/checks.ts'
import { allDescribed, describedRules } from '../../src/detect/described.ts'
import { detectors } from '../../src/detect/index.ts'
import { detectDefaults } from '../../src/detect/settings.ts'
import { logTables } from '../../src/tables/index.ts'

const docs = readFileSync(new URL('../../docs/detect.md', import.meta.url), 'utf8')

describe.each(detectors.map((detector) => [detector.name, detector] as const))(
  'the detector %s',
  (name, detector) => {
    it('says what it does, in the documentation, too', () => {
      expect(detector.doc).toMatch(/^[A-Z].*\.$/)
      expect(docs).toContain(`| \`${name}\` |`)
    })

    it('has rules, each of tables that there are', () => {
      const rules = detector.rules(detectDefaults)
      expect(rules.length).toBeGreaterThan(0)
      const known = new Set(logTables.map((table) => table.name))
      for (const rule of rules) for (const table of rule.tables) expect(known, rule.title).toContain(table)
    })
  },
)

it('every rule of code is of a detector that there is, and is named once', () => {
  const names = new Set(detectors.map(({ name }) => name))
  for (const { detector, name } of allDescribed()) expect(names, name).toContain(detector)
  const all = allDescribed().map(({ name }) => name)
  expect(new Set(all).size).toBe(all.length)
})

it('every check of an agent has a rule, and every rule a check', () => {
  expect(checks.map(({ rule }) => rule).sort()).toEqual([...describedRules('agents').keys()].sort())
})
