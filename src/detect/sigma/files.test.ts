import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { readRuleFiles } from './files.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-rule-files-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('only a file that is called off.yaml switches rules off, not one whose name ends so', () => {
  const names = ['monitoring_off.yaml', 'payoff.yaml', 'off.yaml', 'deeper/off.yaml']
  mkdirSync(join(folder, 'deeper'), { recursive: true })
  for (const name of names) writeFileSync(join(folder, name), 'rule-of-that-id: too loud\n')
  const { texts, faults } = readRuleFiles([{ path: folder, label: '' }])
  expect(faults).toEqual([])
  expect(texts.map(({ file }) => file)).toEqual(['monitoring_off.yaml', 'payoff.yaml'])
  expect([...(texts[0]?.off ?? [])]).toEqual([['rule-of-that-id', 'too loud']])
})
