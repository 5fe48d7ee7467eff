import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packageRules } from '../../src/detect/sigma/files.ts'
import { lintRules } from '../../src/detect/sigma/lint.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { MODIFIERS } from '../../src/detect/sigma/modifiers.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { openEngine } from '../../src/lib/duckdb.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { cases } from './cases.ts'

const tables = sigmaTables(logTypes)
const text = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')

test('the rules of docs/rules.md are read as they stand', () => {
  const blocks = [...text.matchAll(/^( *)```yaml\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
  expect(blocks.length).toBe(4)
  const { rules, faults } = loadRules([{ file: 'docs/rules.md', text: blocks.join('\n---\n') }], { tables })
  expect(faults).toEqual([])
  expect(rules.map(({ title }) => title)).toEqual([
    'Guardrail Deleted By A Person',
    'Password Asked Of A Model',
    'Many Failed Console Logins',
    'Failed Console Login',
  ])
})

test('docs/rules.md names every log source', () => {
  for (const { logsources, name } of tables) {
    for (const { product, service } of logsources) {
      if (product === 'loglake') expect(service).toBe(name)
      else expect(text).toMatch(new RegExp(`\`product: aws\`.*\`(service: )?${service}\``))
    }
  }
})

test('every modifier has a case', () => {
  const used = new Set(
    cases.flatMap(({ detection }) =>
      [...detection.matchAll(/\|([\w|]+)/g)].flatMap(([, all]) => (all as string).split('|')),
    ),
  )
  // Placeholders come from the configuration: see load.test.ts.
  expect(MODIFIERS.filter((name) => !used.has(name))).toEqual(['expand'])
})

test("nothing is refused of the package's rules, and their SQL runs", async () => {
  const engine = await openEngine({ threads: 1 })
  try {
    const { faults } = await lintRules(packageRules(), { tables }, engine)
    expect(faults.filter(({ kind }) => kind === 'refused')).toEqual([])
    const unknown = faults.filter(({ message }) => message.includes('has no such field'))
    expect(unknown.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      'sigmahq/aws_delete_saml_provider.yml: status: cloudtrail has no such field, it is looked for in unmapped',
    ])
  } finally {
    engine.close()
  }
})
