import { describe, expect, test } from 'vitest'
import { logTypes } from '../../logtypes/index.ts'
import { type LoadOptions, loadRules } from './load.ts'
import type { RuleText } from './read-rule.ts'
import { sigmaTables } from './tables.ts'

const tables = sigmaTables(logTypes)

/** Joins lines into a document. */
const document = (...lines: string[]) => `${lines.join('\n')}\n`
const rule = (name: string, service = 'cloudtrail') =>
  document(
    `title: Rule ${name}`,
    `name: ${name}`,
    'level: low',
    `logsource: {product: aws, service: ${service}}`,
    `detection: {own: {requestParameters.a: ${name}}, condition: own}`,
  )
const filter = (
  name: string,
  { rules = 'any', service = 'cloudtrail', own = '{userAgent: z}', condition = 'not own', more = '' } = {},
) =>
  document(
    `title: Filter ${name}`,
    `name: ${name}`,
    ...(more === '' ? [] : [more]),
    `logsource: {product: aws, service: ${service}}`,
    'filter:',
    `  rules: ${rules}`,
    `  own: ${own}`,
    `  condition: ${condition}`,
  )

function load(texts: readonly string[], options: Partial<LoadOptions> = {}, more: Partial<RuleText> = {}) {
  return loadRules([{ file: 'rules.yml', text: texts.join('---\n'), ...more }], { tables, ...options })
}

/** By rule, the filters that were added to it. */
function added(texts: readonly string[], options: Partial<LoadOptions> = {}, more: Partial<RuleText> = {}) {
  const { rules } = load(texts, options, more)
  return Object.fromEntries(rules.map(({ name, filters = [] }) => [name, filters.map(({ id }) => id)]))
}

describe('which rules a filter is added to', () => {
  test.each([
    ['a name', 'one', { one: ['f'], two: [] }],
    ['a list of names', '[one, two]', { one: ['f'], two: ['f'] }],
    ['any', 'any', { one: ['f'], two: ['f'] }],
    ['any in capitals', 'ANY', { one: ['f'], two: ['f'] }],
    ['a list of a single any names a rule, and there is none', '[any]', { one: [], two: [] }],
  ])('%s', (_, rules, wanted) => {
    expect(added([rule('one'), rule('two'), filter('f', { rules })])).toEqual(wanted)
  })

  test('an id', () => {
    const withId = `id: 11111111-0000-4000-8000-000000000001\n${rule('one')}`
    const own = filter('f', { rules: '[11111111-0000-4000-8000-000000000001]' })
    expect(added([withId, rule('two'), own])).toEqual({ one: ['f'], two: [] })
  })

  test('never one of another logsource, though it names it', () => {
    const texts = [rule('one'), rule('two', 'bedrock_invocation')]
    expect(added([...texts, filter('f', { rules: '[one, two]' })])).toEqual({ one: ['f'], two: [] })
    const other = filter('f', { service: 'bedrock_invocation', own: '{modelId: z}' })
    expect(added([...texts, other])).toEqual({ one: [], two: ['f'] })
  })

  test('all of a part of a logsource', () => {
    const part = filter('f').replace('{product: aws, service: cloudtrail}', '{product: aws}')
    const texts = [rule('one'), rule('two', 'bedrock_invocation'), part]
    expect(added(texts)).toEqual({ one: ['f'], two: ['f'] })
    expect(load([rule('one'), part.replace('product: aws', 'product: gcp')]).faults).toMatchObject([
      { kind: 'refused', message: expect.stringContaining('loglake has no table for product "gcp"') },
    ])
  })

  test('one that names a correlation, or a rule of another logsource, is said to be useless, and why', () => {
    const often = document(
      'title: Often',
      'name: often',
      'level: low',
      'correlation: {type: event_count, rules: [one], timespan: 1h, condition: {gte: 5}}',
    )
    const why = (...texts: string[]) => load(texts).faults.map(({ message }) => message)
    expect(why(rule('one'), often, filter('f', { rules: 'often' }))).toEqual([
      'filter: it names a correlation, which reads no rows: name the rules that the correlation refers to',
    ])
    expect(why(rule('one', 'bedrock_invocation'), filter('f', { rules: 'one' }))).toEqual([
      'filter: the rules that it names have another logsource',
    ])
  })

  test('several, in their order', () => {
    expect(added([rule('one'), filter('f'), filter('g', { rules: 'one' })])).toEqual({ one: ['f', 'g'] })
  })

  test('one in another file', () => {
    const { rules } = loadRules(
      [
        { file: 'filter.yml', text: filter('f') },
        { file: 'rule.yml', text: rule('one') },
      ],
      { tables },
    )
    expect(rules).toMatchObject([
      { filters: [{ id: 'f', title: 'Filter f', origin: { file: 'filter.yml', line: 1 } }] },
    ])
  })
})

describe('what a filter does to a rule', () => {
  test('its condition is added, and its identifiers are its own', () => {
    const [one] = load([rule('one'), filter('f')]).rules
    expect(one).toMatchObject({
      condition: {
        kind: 'and',
        of: [
          { kind: 'name', name: 'own' },
          { kind: 'not', of: { kind: 'name', name: 'filter f own' } },
        ],
      },
    })
    expect(one?.kind === 'detection' && [...one.detections.keys()]).toEqual(['own', 'filter f own'])
  })

  test('its description is the reason that is shown', () => {
    const texts = [rule('one'), filter('f', { more: 'description: Tests of ours.' })]
    expect(load(texts).rules).toMatchObject([{ filters: [{ why: 'Tests of ours.' }] }])
  })

  test('the version changes with what it leaves out, and not with its title', () => {
    const version = (text: string) => load([rule('one'), text]).rules[0]?.version
    expect(version(filter('f'))).not.toBe(load([rule('one')]).rules[0]?.version)
    expect(version(filter('f').replace('Filter', 'Another'))).toBe(version(filter('f')))
    expect(version(filter('f', { own: '{userAgent: y}' }))).not.toBe(version(filter('f')))
    expect(version(filter('f', { condition: 'own' }))).not.toBe(version(filter('f')))
  })

  test('its placeholders are a part of the version', () => {
    const own = filter('f', { own: '{userAgent|expand: "%tools%"}' })
    const version = (...tools: string[]) =>
      load([rule('one'), own], { placeholders: new Map([['tools', tools]]) }).rules[0]?.version
    expect(version('a', 'b')).not.toBe(version('a'))
    expect(load([rule('one'), own]).faults).toMatchObject([
      { kind: 'refused', rule: 'Filter f', message: expect.stringContaining('%tools% has no values') },
    ])
  })

  test('a correlation tells those of its rules, and gets another version', () => {
    const correlation = document(
      'title: C',
      'name: c',
      'level: low',
      'correlation: {type: event_count, rules: [one, two], timespan: 1m, condition: {gte: 3}}',
    )
    const texts = [correlation, rule('one'), rule('two')]
    const [c] = load([...texts, filter('f')]).rules
    expect(c?.filters).toMatchObject([{ id: 'f' }])
    expect(c?.version).not.toBe(load(texts).rules[0]?.version)
  })
})

describe('a filter that is off is added to no rule', () => {
  test.each([
    ['by its name', { without: ['f'] }, {}],
    ['by its status', {}, {}, 'status: deprecated'],
    ['by the file beside it', {}, { off: new Map([['f', 'too broad']]) }],
  ] as [string, Partial<LoadOptions>, Partial<RuleText>, string?][])('%s', (_, options, text, more = '') => {
    const texts = [rule('one'), filter('f', { more })]
    expect(added(texts, options, text)).toEqual({ one: [] })
    // A filter that is off does not warn that it matches no rule.
    expect(load(texts, options, text).faults).toEqual([])
  })

  test('and not another one', () => {
    expect(added([rule('one'), filter('f'), filter('g')], { without: ['f'] })).toEqual({ one: ['g'] })
  })
})

describe('a filter that cannot be done is refused, and the rule stays as it is', () => {
  const without = (line: string) => filter('f').replace(line, '')
  test.each([
    ['no rules', without('  rules: any\n'), 'rules: it is missing: `any`, or ids and names of rules'],
    ['no condition', without('  condition: not own\n'), 'condition: it is missing'],
    ['no identifier', without('  own: {userAgent: z}\n'), 'detection: there is no search identifier'],
    [
      'an identifier that is not there',
      filter('f', { condition: 'not mine' }),
      'condition: there is no search identifier `mine`',
    ],
    [
      'a logsource that is not there',
      filter('f', { service: 'trail' }),
      'logsource: loglake has no table for product "aws", service "trail"',
    ],
    [
      'a detection beside it',
      `${filter('f')}detection: {a: {b: c}, condition: a}\n`,
      'a document has one of detection and filter',
    ],
  ])('%s', (_, text, message) => {
    const { rules, faults } = load([rule('one'), text])
    expect(faults.map((fault) => [fault.kind, fault.message])).toEqual([
      ['refused', expect.stringContaining(message)],
    ])
    expect(rules.map(({ filters = [] }) => filters)).toEqual([[]])
  })
})
