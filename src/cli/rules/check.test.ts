import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { testsIn } from './check.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-tests-of-rules-'))
afterAll(() => rmSync(folder, { recursive: true }))

function read(tests: string, head = 'id: own\n') {
  const file = join(folder, 'rule.yaml')
  writeFileSync(file, `title: R\n${head}tests: ${tests}\n`)
  return testsIn(file)
}

test.each([
  ['foo', 'a list of tests is wanted'],
  ['[{find: true, events: [{}]}]', 'there is no key find: did you mean "finds"?'],
  ["[{finds: 'true', events: [{}]}]", '`finds` is true or false'],
  ['[{finds: false, event: [{}]}]', 'there is no key event: did you mean "events"?'],
  ['[{finds: false, events: []}]', '`events` is a list of events'],
  ['[{finds: false, log: cloudtrail, events: [{}]}]', '`log` is a key of an event, and not of a test'],
  [
    '[{finds: false, events: [{log: session_log}]}]',
    '`log` is cloudtrail or bedrock_invocation, not session_log',
  ],
])('tests that are written as %s test nothing, and are refused', (tests, message) => {
  expect(() => read(tests)).toThrow(message)
})

test('a rule without an id or a name has tests, by its place', () => {
  expect(read('[{finds: true, events: [{}]}]')).toMatchObject([{ rule: 'own', finds: true }])
  expect(read('[{finds: true, events: [{}]}]', '')[0]?.rule).toMatch(/rule\.yaml#1$/)
})

test.each([
  ['{product: aws, service: bedrock}', 'bedrock_invocation'],
  ['{product: loglake, service: bedrock_invocation}', 'bedrock_invocation'],
  ['{product: aws, service: cloudtrail}', 'cloudtrail'],
])('events are of the log that a rule of %s reads, unless they say another one', (logsource, log) => {
  const head = `id: own\nlogsource: ${logsource}\n`
  expect(read('[{finds: false, events: [{}]}]', head)[0]?.events).toEqual([{ log }])
  expect(read('[{finds: false, events: [{log: cloudtrail}]}]', head)[0]?.events).toEqual([
    { log: 'cloudtrail' },
  ])
})

test('a rule of a log whose events cannot be made has no tests that would find nothing by themselves', () => {
  const head = 'id: own\nlogsource: {product: aws, service: guardduty}\n'
  expect(() => read('[{finds: false, events: [{}]}]', head)).toThrow('not guardduty_finding')
})
