import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { CorrelationRule } from '../../src/detect/sigma/contract.ts'
import { packageRules } from '../../src/detect/sigma/files.ts'
import { lintRules } from '../../src/detect/sigma/lint.ts'
import { loadRules } from '../../src/detect/sigma/load.ts'
import { sigmaTables } from '../../src/detect/sigma/tables.ts'
import { type Engine, openEngine } from '../../src/lib/duckdb.ts'
import { logTypes } from '../../src/logtypes/index.ts'

/**
 * What the text of Sigma 2.1.0 says of documents, held against what is taken, warned of and refused:
 * https://github.com/SigmaHQ/sigma-specification. Values and conditions are in cases.ts.
 */
const tables = sigmaTables(logTypes)
const folder = mkdtempSync(join(tmpdir(), 'loglake-specification-'))
let engine: Engine
beforeAll(async () => {
  engine = await openEngine({ threads: 1 })
})
afterAll(() => {
  engine.close()
  rmSync(folder, { recursive: true })
})

const ID = '929a690e-bef0-4204-a928-ef5e620d6fcc'
const LOGSOURCE = 'logsource:\n  product: aws\n  service: cloudtrail\n'
const ABOUT = 'description: What it is for.\nfalsepositives:\n  - Unlikely\nlevel: low\n'
const DETECTION = 'detection:\n  own:\n    eventName: GetObject\n  condition: own\n'
const RULE = `title: A rule\nid: ${ID}\n${ABOUT}${LOGSOURCE}${DETECTION}`
const BASE = (name: string, id = '') =>
  `---\ntitle: Rule ${name}\n${id === '' ? '' : `id: ${id}\n`}name: ${name}\n${LOGSOURCE}detection:\n  own:\n    eventName: ${name}\n  condition: own\n`

/** What lint says of a file, without the hints about ids that are missing. */
async function lint(text: string): Promise<string[]> {
  const path = join(folder, 'rule.yml')
  writeFileSync(path, text)
  const { faults } = await lintRules([{ path, label: 'rule.yml' }], { tables }, engine)
  return faults
    .filter(({ message }) => !message.startsWith('id: it is missing'))
    .map(({ line, kind, message }) => `${line} ${kind}: ${message}`)
}

function correlation(lines: string, top = '', bases = BASE('one') + BASE('two')) {
  const text = `title: C\nid: ${ID}\n${top}${ABOUT}correlation:\n${lines}${bases}`
  const { rules, faults } = loadRules([{ file: 'c.yml', text }], { tables })
  const [rule] = rules.filter((one): one is CorrelationRule => one.kind === 'correlation')
  return { rule, rules, refused: faults.filter(({ kind }) => kind === 'refused').map((one) => one.message) }
}

describe('documents', () => {
  test('a rule with every key is taken without a word', async () => {
    const keys = [
      ...['title: A Title', `id: ${ID}`, 'name: a_name', 'taxonomy: sigma', 'status: test'],
      ...['related:', '  - id: 6c82cf5c-090d-4d57-9188-533577631108', '    type: similar'],
      ...['description: What it is for.', 'license: MIT', 'author: One, Two', 'date: 2017-05-09'],
      ...['modified: 2023-04-14', 'references:', '  - https://example.com/a', 'scope:', '  - server'],
      ...['tags:', '  - attack.defense-evasion', '  - attack.t1098.001', '  - attack.g0016', '  - tlp.amber'],
      ...['  - cve.2021-44228', '  - car.2016-04-005', '  - d3fend.d3f-WindowsNtOpenFile', '  - stp.3k'],
      ...['  - detection.threat-hunting', 'fields:', '  - userAgent', 'falsepositives:', '  - Unlikely'],
      ...['level: informational', 'anything: of its own', LOGSOURCE + DETECTION],
    ]
    expect(await lint(keys.join('\n').replace('service: cloudtrail', '$&\n  definition: a trail'))).toEqual(
      [],
    )
  })

  test('CR-LF and a byte order mark change nothing', async () => {
    expect(await lint(`\ufeff${RULE.replaceAll('\n', '\r\n')}`)).toEqual([])
  })

  test("nothing is said against the schema of the package's rules", async () => {
    const { faults } = await lintRules(packageRules(), { tables }, engine)
    expect(faults.filter(({ message }) => / wanted|there twice|longer|shorter/.test(message))).toEqual([])
  })

  test.each([
    [`title: ${'x'.repeat(257)}`, 'title: it is longer than 256 characters'],
    ['title: 517', 'title: a text is wanted: put 517 into quotes'],
    ['id: rule-1', 'id: a UUID is wanted, not "rule-1"'],
    [`name: ${'x'.repeat(257)}`, 'name: it is longer than 256 characters'],
    [`description: ${'x'.repeat(65_536)}`, 'description: it is longer than 65535 characters'],
    ['author: [One, Two]', 'author: a text is wanted'],
    ['license: 2', 'license: a text is wanted: put 2 into quotes'],
    ['status: ', 'status: a text is wanted'],
    ['date: 2020/01/31', 'date: a date like 2026-01-31 is wanted, not "2020/01/31"'],
    ['modified: 2020-13-01', 'modified: a date like 2026-01-31 is wanted, not "2020-13-01"'],
    ['references: https://example.com', 'references: a list is wanted'],
    ['references: [a, b, a]', 'references: "a" is there twice'],
    ['fields: userAgent', 'fields: a list is wanted'],
    ['falsepositives: Unlikely', 'falsepositives: a list is wanted'],
    ['falsepositives: [x]', 'falsepositives: "x" is shorter than 2 characters'],
    ['scope: [x]', 'scope: "x" is shorter than 2 characters'],
    [
      'tags: [persistence]',
      'tags: a namespace, a dot and small letters, as in attack.t1098 is wanted, not "persistence"',
    ],
    [
      'tags: [attack.T1098]',
      'tags: a namespace, a dot and small letters, as in attack.t1098 is wanted, not "attack.T1098"',
    ],
    ['tags: [tlp.purple]', "tags: `tlp.purple` is not among Sigma's tags of tlp"],
    ['tags: [detection.loud]', "tags: `detection.loud` is not among Sigma's tags of detection"],
    ['tags: [stp.6]', "tags: `stp.6` is not among Sigma's tags of stp"],
    ['related: {id: a}', 'related: a list is wanted'],
    ['related: [a]', 'related: maps with `id` and `type` are wanted'],
    [`related: [{id: ${ID}}]`, 'related: type is missing'],
    [
      `related: [{id: ${ID}, type: merge}]`,
      'related.type: derived, obsolete, merged, renamed, similar are known, not "merge": did you mean "merged"?',
    ],
    ['related: [{id: a, type: merged}]', 'related.id: a UUID is wanted, not "a"'],
  ])('%s', async (line, message) => {
    const [key = ''] = line.split(':')
    const others = RULE.replace(new RegExp(`^${key}:.*\n(  - .*\n)*`, 'm'), '')
    expect(await lint(`${line}\n${others}`)).toContain(`1 warning: ${message}`)
  })

  test.each([
    ['own: evil', '11 warning: detection.own: a map or a list is wanted'],
    ['own: [1.5]', '11 warning: detection.own: texts, whole numbers or maps are wanted in a list'],
    ['own: [true]', '11 warning: detection.own: texts, whole numbers or maps are wanted in a list'],
    ['own: [[evil]]', '11 warning: detection.own: texts, whole numbers or maps are wanted in a list'],
    ['own: [evil, 5, {eventName: x}]', undefined],
  ])('a search identifier: %s', async (own, message) => {
    const text = RULE.replace('own:\n    eventName: GetObject', own)
    expect(await lint(text)).toEqual(message === undefined ? [] : [message])
  })

  test('a definition of a log source is a text', async () => {
    expect(await lint(RULE.replace('service: cloudtrail', '$&\n  definition: [a]'))).toEqual([
      '10 warning: logsource.definition: a text is wanted',
    ])
  })

  test('names are unique', async () => {
    expect((await lint(BASE('one') + BASE('one', ID))).filter((one) => one.includes('name'))).toEqual([
      '14 warning: name: "one" is that of a rule in line 3, too',
    ])
  })

  test.each([
    ['product: aws', 'logsource: loglake has no table for product "aws"'],
    [
      'service: cloudtrail',
      'logsource: loglake has no table for service "cloudtrail": did you mean product "aws"?',
    ],
    [
      'product: aws\n  service: CloudTrail',
      'logsource: loglake has no table for product "aws", service "CloudTrail": did you mean "cloudtrail"?',
    ],
    [
      'product: aws\n  service: cloudtrail\n  category: network',
      'logsource: loglake has no table for product "aws", service "cloudtrail", category "network", and none for a category',
    ],
  ])('a log source that is no table is refused: %j', async (lines, message) => {
    expect(await lint(RULE.replace('product: aws\n  service: cloudtrail', lines))).toEqual([
      `7 refused: ${message}`,
    ])
  })
})

describe('placeholders', () => {
  const of = (key: string, value: string) => {
    const text = RULE.replace('eventName: GetObject', `'${key}': '${value}'`)
    const { rules, faults } = loadRules([{ file: 'p.yml', text }], {
      tables,
      placeholders: new Map([['name', ['alice', 'b*']]]),
    })
    const [rule] = rules
    const [item] = (rule?.kind === 'detection' && rule.detections.get('own')?.items) || []
    return item && 'tests' in item ? item.tests : faults.map(({ line, message }) => `${line}: ${message}`)
  }

  test('only with expand; a percent sign behind a backslash is one', () => {
    expect(of('userAgent', '%name%')).toMatchObject([{ pattern: ['%name%'] }])
    expect(of('userAgent|expand', '\\%plain%name%')).toMatchObject([
      { tests: [{ pattern: ['%plainalice'] }, { pattern: ['%plainb', expect.anything()] }] },
    ])
  })

  test.each(['base64', 'base64offset', 'windash', 'wide'])('expand behind %s is refused', (modifier) => {
    const more = modifier === 'wide' ? '|base64' : ''
    const key = `userAgent|${modifier}|expand${more}|contains`
    expect(of(key, '%name%')).toEqual([
      `12: ${key}: \`expand\` goes before \`${modifier}\`: modifiers are applied in their order`,
    ])
  })
})

describe('correlations', () => {
  const COUNT = '  type: event_count\n  rules:\n    - one\n  group-by:\n    - userAgent\n  timespan: 1h\n'

  test('rules below it need no level and nothing else about themselves', async () => {
    const text = `title: C\nid: ${ID}\n${ABOUT}correlation:\n${COUNT}  condition:\n    gte: 100\n`
    expect(await lint(text + BASE('one'))).toEqual([])
    expect(await lint(`${text.replace('correlation:', 'generate: true\n$&')}${BASE('one')}`)).toEqual([
      '18 warning: level: it is missing, medium is taken',
      '18 warning: description: it is missing',
      '18 warning: falsepositives: it is missing: say when a match means nothing',
    ])
  })

  test('generate is beside the correlation, or within', () => {
    const reports = (lines: string, top?: string) =>
      correlation(`${COUNT}  condition: {gte: 5}\n${lines}`, top).rules.find(({ id }) => id === 'one')
        ?.reports
    expect(reports('')).toBe(false)
    expect(reports('', 'generate: true\n')).toBe(true)
    expect(reports('  generate: true\n')).toBe(true)
    expect(reports('  generate: false\n', 'generate: false\n')).toBe(false)
    const refused = (lines: string, top: string) =>
      correlation(`${COUNT}  condition: {gte: 5}\n${lines}`, top).refused
    expect(refused('  generate: false\n', 'generate: true\n')).toEqual(['generate: it is false in line 16'])
    expect(refused('', 'generate: perhaps\n')).toEqual(['generate: true or false is wanted'])
  })

  test('aliases have names of rules, also where the correlation has their ids', () => {
    const id = '5638f7c0-ac70-491d-8465-2a65075e0d86'
    const lines = (name: string) =>
      `  type: temporal\n  rules:\n    - ${id}\n    - two\n  group-by:\n    - who\n  timespan: 10s\n  aliases:\n    who:\n      ${name}: userAgent\n      two: errorCode\n`
    const bases = BASE('one', id) + BASE('two')
    for (const name of ['one', id])
      expect(correlation(lines(name), '', bases).rule?.correlation.aliases.get('who')).toEqual(
        new Map([
          [id, 'userAgent'],
          ['two', 'errorCode'],
        ]),
      )
    expect(correlation(lines('three'), '', bases).refused).toEqual([
      'correlation.aliases: who: `three` is not among the rules',
    ])
    expect(correlation(lines('one').replace('userAgent', ''), '', bases).refused).toEqual([
      'correlation.aliases: who: a field of `one` is wanted',
    ])
  })

  test.each([
    ['{gte: 2}', true],
    ['{eq: 2}', true],
    ['{gt: 1, lte: 2}', true],
    ['{gte: 1}', false],
    ['{gt: 2}', false],
    ['{lte: 2}', false],
    ['{neq: 1}', true],
    ['one and two', false],
  ])('temporal_ordered with %s', (condition, isTaken) => {
    const { rule, refused } = correlation(
      `  type: temporal_ordered\n  rules: [one, two]\n  group-by: [userAgent]\n  timespan: 1h\n  condition: ${condition}\n`,
    )
    expect([rule?.correlation.limits, refused]).toEqual(
      isTaken
        ? [[], []]
        : [
            undefined,
            ['correlation.condition: temporal_ordered wants all of its rules, in their order: leave it out'],
          ],
    )
  })

  test.each([
    ['  rules: one\n', 'correlation.rules: a list is wanted'],
    ['  rules: [one, one]\n', 'correlation.rules: "one" is there twice'],
    ['  group-by: userAgent\n', 'correlation.group-by: a list is wanted'],
    ['  group-by: [userAgent, userAgent]\n', 'correlation.group-by: "userAgent" is there twice'],
  ])('%j is warned of', async (line, message) => {
    const [key = ''] = line.trim().split(':')
    const others = COUNT.replace(new RegExp(`^  ${key}:\n(    - .*\n)*`, 'm'), '')
    const text = `title: C\nid: ${ID}\n${ABOUT}correlation:\n${line}${others}  condition: {gte: 5}\n${BASE('one')}`
    expect(await lint(text)).toEqual([`8 warning: ${message}`])
  })

  test('false positives of a correlation may be one text', async () => {
    const about = ABOUT.replace('\n  - Unlikely', ' Unlikely')
    const text = `title: C\nid: ${ID}\n${about}correlation:\n${COUNT}  condition: {gte: 5}\n${BASE('one')}`
    expect(await lint(text)).toEqual([])
  })

  test('lower-case units of a timespan', () => {
    for (const span of ['90s', '90m', '24h', '1d'])
      expect(correlation(COUNT.replace('1h', `${span}\n  condition: {gte: 5}`)).refused).toEqual([])
    expect(correlation(COUNT.replace('1h', '90M\n  condition: {gte: 5}')).refused).toEqual([
      'correlation.timespan: a number above 0 with s, m, h or d is wanted, as in 10m',
    ])
  })
})

describe('filters', () => {
  const filter = (rules: string, condition: string, own = "userAgent|startswith: 'adm_'") =>
    `${RULE}---\ntitle: Filter\nid: 7be2dd1b-4f3c-4cf4-8a4d-1f8c8d9f1f01\n${LOGSOURCE}filter:\n  rules:${rules}\n  selection:\n    ${own}\n  condition: ${condition}\n`
  const KEEPS =
    '21 warning: filter: only what its condition is about is kept: to exclude that, write `not` before it'

  test.each([
    ['not selection', undefined, []],
    ['selection', undefined, [KEEPS]],
    ['1 of selection*', undefined, [KEEPS]],
    ['selection', 'userAgent|neq: robot', []],
    ['selection', 'userAgent: null', []],
    ['not selection', 'userAgent|exists: false', [KEEPS]],
  ])('with the condition %s, %s', async (condition, own, faults) => {
    expect(await lint(filter(`\n    - ${ID}`, condition, own))).toEqual(faults)
  })

  test('its rules are a list; `any` is taken, and named in docs/rules.md', async () => {
    expect(await lint(filter(' any', 'not selection'))).toEqual([])
    expect(await lint(filter(` ${ID}`, 'not selection'))).toEqual([
      '21 warning: filter.rules: a list is wanted',
    ])
    expect(await lint(filter(`\n    - ${ID}\n    - ${ID}`, 'not selection'))).toEqual([
      `23 warning: filter.rules: "${ID}" is there twice`,
    ])
  })
})
