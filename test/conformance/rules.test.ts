import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { RuleTest, TestOutcome } from '../../src/cli/rules/check.ts'
import { allRules } from '../../src/detect/index.ts'
import { rulesFor } from '../../src/detect/rules.ts'
import { detectDefaults } from '../../src/detect/settings.ts'
import { techniques } from '../../src/detect/techniques.ts'

const CHECK = new URL('../../dist/cli/rules/check.js', import.meta.url).href
/** Ingest has threads, which run what was built. */
const { runTests, testsIn } = (await import(CHECK)) as typeof import('../../src/cli/rules/check.ts')

/** Every rule of the package: what it says of itself, and of ours what it finds in its own events. */

const folder = (name: string) => fileURLToPath(new URL(`../../src/detect/rules/${name}/`, import.meta.url))
const filesIn = (name: string) =>
  existsSync(folder(name)) ? readdirSync(folder(name)).map((file) => `${folder(name)}${file}`) : []
const ours = [...filesIn('loglake'), ...filesIn('detectors'), ...filesIn('filters')]
const tests: RuleTest[] = ours.flatMap(testsIn)
const rules = allRules(detectDefaults)
const isOurs = ({ origin }: { origin: { file: string } }) => /^(loglake\/|[^/]+\.yaml$)/.test(origin.file)

it('no rule of the package is refused, and none has the id of another', () => {
  expect(rulesFor(detectDefaults).faults.filter(({ kind }) => kind === 'refused')).toEqual([])
  const ids = rules.map(({ rule }) => rule.id)
  expect(new Set(ids).size).toBe(ids.length)
})

describe.each(rules.map(({ rule }) => [`${rule.origin.file} ${rule.title}`, rule] as const))(
  '%s',
  (_, rule) => {
    it('names techniques that there are', () => {
      for (const id of rule.attack) expect(techniques('attack').has(id), id).toBe(true)
      for (const id of rule.atlas) expect(techniques('atlas').has(id), id).toBe(true)
      for (const id of rule.owasp) expect(techniques('owasp').has(id), id).toBe(true)
    })

    it.runIf(isOurs(rule) && rule.reports)(
      'says what to do, when it is wrong, where it comes from, and is tested both ways',
      () => {
        expect(rule.description).toMatch(/\.$/)
        expect(rule.runbook).toMatch(/\.$/)
        expect(rule.falsepositives.length).toBeGreaterThan(0)
        expect(rule.references.length).toBeGreaterThan(0)
        expect(rule.attack.length + rule.atlas.length + rule.owasp.length).toBeGreaterThan(0)
        expect(rule.author).toBeDefined()
        expect(rule.licence).toBeDefined()
        const own = tests.filter((test) => test.rule === rule.id)
        expect(own.filter(({ finds }) => finds).length, 'tests that find').toBeGreaterThan(0)
        expect(own.filter(({ finds }) => !finds).length, 'tests that find nothing').toBeGreaterThan(0)
      },
    )

    it.runIf(rule.off !== undefined)('says why it is off', () => expect(rule.off).toMatch(/\w{3}/))
  },
)

describe('our rules in their own events', () => {
  let outcomes: TestOutcome[]
  beforeAll(async () => {
    outcomes = await runTests(tests, detectDefaults)
  }, 600_000)

  it.each(tests.map((test, at) => [`${test.title}, test ${test.number}`, at] as const))('%s', (_, at) => {
    const { found, test } = outcomes[at] as TestOutcome
    expect(found).toBe(test.finds)
  })
})
