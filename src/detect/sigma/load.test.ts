import { describe, expect, test } from 'vitest'
import { logTypes } from '../../logtypes/index.ts'
import { loadRules } from './load.ts'
import { sigmaTables } from './tables.ts'

const tables = sigmaTables(logTypes)
const HEAD = 'title: A rule\nid: a\nlevel: low\nlogsource:\n  product: aws\n  service: cloudtrail\n'

function load(text: string, placeholders: Record<string, string[]> = {}) {
  return loadRules([{ file: 'rule.yml', text }], {
    tables,
    placeholders: new Map(Object.entries(placeholders)),
  })
}

/** `line: message` of what is refused in a rule with this detection. */
function refusal(detection: string): string | undefined {
  const { faults } = load(`${HEAD}detection:\n${detection}`)
  const [fault] = faults.filter(({ kind }) => kind === 'refused')
  return fault && `${fault.line}: ${fault.message}`
}

/** One with a single selection, on line 9. */
function of(item: string): string | undefined {
  return refusal(`  selection:\n    ${item}\n  condition: selection\n`)
}

describe('what cannot be done is refused, by line and name', () => {
  test.each([
    ['a|contain: x', '9: a|contain: there is no modifier `contain`: did you mean "contains"?'],
    ['a|: x', '9: a|: a modifier is missing behind `|`'],
    ['a|wide: x', '9: a|wide: `wide` goes before `base64` or `base64offset`'],
    [
      'a|base64offset: x',
      '9: a|base64offset: `base64offset` is a part of a longer text: `contains` must follow it',
    ],
    [
      '"|startswith": x',
      '9: |startswith: `startswith` wants a field before it: a keyword is searched anywhere in a text',
    ],
    [
      '"|endswith": x',
      '9: |endswith: `endswith` wants a field before it: a keyword is searched anywhere in a text',
    ],
    ['a|contains|contains: x', '9: a|contains|contains: `contains` is there twice'],
    ['a|all: x', '9: a|all: `all` wants several values: of a single one, leave it out'],
    ['a|all: [x]', '9: a|all: `all` wants several values: of a single one, leave it out'],
    ['a: []', '9: a: the list of values is empty'],
    ['a: [x, null]', '9: a: null is no value of a list: write a search identifier of its own for it'],
    ['a|contains: null', '9: a|contains: null needs a field, and no modifiers'],
    ['a|contains: 5', '9: a|contains: `contains` wants a text: put 5 into quotes'],
    ['a|startswith: true', '9: a|startswith: `startswith` wants a text: put true into quotes'],
    ['a: {b: c}', '9: a: a value or a list of values is wanted, not a map'],
    ['a: [[x]]', '9: a: a value of a list is a text, a number or true or false'],
    ['a|exists: x', '9: a|exists: `exists` wants true or false, without quotes'],
    ['a|exists|contains: true', '9: a|exists|contains: `exists` does not go with `contains`'],
    ['a|re: "(x"', '9: a|re: no regular expression: missing closing ): `(x`'],
    ['a|re: "a(?=b)"', '9: a|re: no regular expression: looking ahead or behind is not supported: `(?=`'],
    ['a|re: "(a)\\\\1"', '9: a|re: no regular expression: a reference to a group is not supported: `\\1`'],
    ['a|i: x', '9: a|i: `i` is a flag of `re`, and must follow it'],
    ['a|i|re: x', '9: a|i|re: `i` is a flag of `re`, and must follow it'],
    ['a|re|contains: x', '9: a|re|contains: `re` does not go with `contains`'],
    ['a|base64|re: x', '9: a|base64|re: `re` does not go with `base64`'],
    [
      'a|cidr: 10.0.0.1/8',
      '9: a|cidr: no network: `10.0.0.1/8`; the address must be the first one of the network, as in 10.0.0.0/8',
    ],
    [
      'a|cidr: 10.0.0.0/33',
      '9: a|cidr: no network: `10.0.0.0/33`; wanted is one like 10.0.0.0/8 or 2001:db8::/32',
    ],
    ['a|cidr: ten', '9: a|cidr: no network: `ten`; wanted is one like 10.0.0.0/8 or 2001:db8::/32'],
    ['a|gt: x', '9: a|gt: `gt` wants a number, without quotes'],
    ['a|gt: "5"', '9: a|gt: `gt` wants a number, without quotes'],
    ['a|gt: 1e999', '9: a|gt: `gt` wants a number, without quotes'],
    ['a|exists: yes', '9: a|exists: `exists` wants true or false, without quotes'],
    ['a|startswith: 0123', '9: a|startswith: `startswith` wants a text: put 0123 into quotes'],
    [
      'a|base64offset|contains: x',
      '9: a|base64offset|contains: `base64offset` wants a text of at least two bytes',
    ],
    [
      'a|re: "(?<b>x)"',
      '9: a|re: no regular expression: a named group is written `(?P<name>...)`, not `(?<name>...)`',
    ],
    ["'|cidr': 10.0.0.0/8", '9: |cidr: `cidr` wants a field before it, not keywords'],
    ["'|gt': 5", '9: |gt: `gt` wants a field before it, not keywords'],
    ["'|exists': true", '9: |exists: `exists` wants a field before it, not keywords'],
    ["'': ", '9: a keyword: null needs a field, and no modifiers'],
    ['a|gt|lt: 5', '9: a|gt|lt: `gt` does not go with `lt`'],
    ['a|hour: 24', '9: a|hour: `hour` wants a whole number from 0 to 23'],
    ['a|hour|day: 5', '9: a|hour|day: `hour` does not go with `day`'],
    ['a|month: jan', '9: a|month: `month` wants a number, without quotes'],
    ['a|base64: "x*"', '9: a|base64: `base64` wants a text without wildcards'],
    ['a|contains|base64: x', '9: a|contains|base64: `base64` wants a text without wildcards'],
    ['a|wide|base64: "x*"', '9: a|wide|base64: `wide` wants a text without wildcards, not encoded yet'],
    ['a|utf16|cased|base64: x', '9: a|utf16|cased|base64: as UTF-16 this is no text: Base64 must follow'],
    [
      'a|windash: "-a -b -c -d -e"',
      '9: a|windash: `windash`: more than four dashes can be written in too many ways',
    ],
    ['a|fieldref: "x*"', '9: a|fieldref: `fieldref` wants the name of a field'],
    ['a|fieldref|re: x', '9: a|fieldref|re: `fieldref` does not go with `re`'],
    ['a|expand: "%admins%"', '9: a|expand: the placeholder %admins% has no values'],
  ])('%s', (item, message) => {
    expect(of(item)).toBe(message)
  })

  test.each([
    [
      'selection | count() > 5',
      'aggregations behind `|` are no longer part of Sigma: write a correlation instead',
    ],
    ['selektion', 'there is no search identifier `selektion`: did you mean "selection"?'],
    ['selection and', 'it ends too early'],
    ['(selection', 'a bracket is not closed'],
    ['selection)', '`)` is not expected there'],
    ['selection selection', '`selection` is not expected there'],
    ['2 of selection*', '`2 of` is not part of Sigma: there are `1 of`, `any of` and `all of`'],
    ['1 of nothing*', 'no search identifier is called like `nothing*`'],
    ['1 of', '`1 of` wants a pattern, or `them`'],
    ['selection & selection', 'cannot read `&`'],
    ['""', 'it is empty'],
    [`${'('.repeat(200)}selection`, 'too many brackets'],
  ])('condition: %s', (condition, message) => {
    expect(refusal(`  selection:\n    a: b\n  condition: ${condition}\n`)).toBe(`10: condition: ${message}`)
  })

  test.each([
    ['title: T\nid: a\n', '1: detection: it is missing, and so are correlation and filter'],
    ['id: a\ndetection: {}\n', '1: title: it is missing'],
    ['title: T\naction: global\n', '2: action: collections of rules by `action` are no longer part of Sigma'],
    ['title: T\ntaxonomy: ecs\n', '2: taxonomy: only that of Sigma is known, not "ecs"'],
    [
      'title: T\nlevel: hihg\n',
      '2: level: informational, low, medium, high, critical are known, not "hihg": did you mean "high"?',
    ],
    ['title: T\ndetection:\n  a: {b: c}\n  condition: a\n', '1: logsource: it is missing'],
    [
      'title: T\nlogsource:\n  product: windows\n  service: security\ndetection:\n  a: {b: c}\n  condition: a\n',
      '2: logsource: loglake has no table for product "windows", service "security"',
    ],
    [
      'title: T\nlogsource: {product: aws, service: cloudtrails}\ndetection:\n  a: {b: c}\n  condition: a\n',
      '2: logsource: loglake has no table for product "aws", service "cloudtrails": did you mean "cloudtrail"?',
    ],
    [
      `${HEAD}detection:\n  timeframe: 5m\n  condition: a\n`,
      '8: timeframe: it is no longer part of Sigma: write a correlation with a timespan',
    ],
    [`${HEAD}detection:\n  a:\n    b: c\n`, '8: condition: it is missing'],
    [`${HEAD}detection:\n  condition: a\n`, '8: detection: there is no search identifier'],
    [`${HEAD}detection:\n  a: {}\n  condition: a\n`, '8: a search identifier is empty'],
    ['- a\n- b\n', '1: a rule is a map of keys and values'],
    [
      'title: [a\n',
      '2: no YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
    ],
    ['title: a\ntitle: b\n', '2: no YAML: Map keys must be unique'],
  ])('%j', (text, message) => {
    const [fault] = load(text).faults.filter(({ kind }) => kind === 'refused')
    expect(`${fault?.line}: ${fault?.message}`).toBe(message)
  })

  test('aliases that repeat without end', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]']
    for (let at = 1; at < 9; at++)
      lines.push(
        `a${at}: &a${at} [${Array(10)
          .fill(`*a${at - 1}`)
          .join(', ')}]`,
      )
    const [fault] = load(lines.join('\n')).faults
    expect(fault?.message).toBe('the document is too large')
  })

  test('a rule that is refused does not take others with it', () => {
    const good = `${HEAD}detection:\n  a: {eventName: x}\n  condition: a\n`
    const { rules, faults } = load(`title: broken\n---\n${good}`)
    expect(rules.map(({ title }) => title)).toEqual(['A rule'])
    expect(faults.filter(({ kind }) => kind === 'refused').map(({ rule }) => rule)).toEqual(['broken'])
  })

  test('an id belongs to one rule', () => {
    const good = `${HEAD}detection:\n  a: {eventName: x}\n  condition: a\n`
    const { rules, faults } = load(`${good}---\n${good}`)
    expect(rules.length).toBe(1)
    expect(faults.map(({ line, message }) => [line, message])).toEqual([[11, 'id: a is that of rule.yml:1']])
  })
})

const BASE = (name: string, value: string) =>
  `title: Title of ${name}\nname: ${name}\nlevel: low\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n  a: {eventName: ${value}}\n  condition: a\n`

function correlation(lines: string, more = ''): string {
  return `title: C\nid: c\nlevel: high\ncorrelation:\n${lines}\n---\n${BASE('one', 'x')}---\n${BASE('two', 'y')}${more}`
}

describe('correlations', () => {
  test.each([
    [
      '  type: event_cont',
      '5: correlation.type: event_count, value_count, temporal, temporal_ordered, value_sum, value_avg, value_percentile are known, not "event_cont": did you mean "event_count"?',
    ],
    [
      '  type: temporal\n  rules: [one]\n  timespan: 5 minutes',
      '7: correlation.timespan: a number above 0 with s, m, h or d is wanted, as in 10m',
    ],
    [
      '  type: temporal\n  rules: [one]\n  timespan: 0m',
      '7: correlation.timespan: a number above 0 with s, m, h or d is wanted, as in 10m',
    ],
    ['  type: temporal\n  timespan: 1m', '5: correlation.rules: it is missing, or empty'],
    [
      '  type: event_count\n  rules: [one]\n  timespan: 1m\n  condition: {gte: .inf}',
      '8: correlation.condition: gte: a number is wanted',
    ],
    [
      '  type: event_count\n  rules: [one]\n  timespan: 1m\n  condition: {constructor: 5}',
      '8: correlation.condition: there is no `constructor`',
    ],
    [
      '  type: temporal\n  rules: [one, three]\n  timespan: 1m',
      '6: correlation.rules: "three": there is no rule with this id or name',
    ],
    [
      '  type: event_count\n  rules: [one]\n  timespan: 1m',
      '5: correlation.condition: it is missing, and event_count wants one',
    ],
    [
      '  type: event_count\n  rules: [one]\n  timespan: 1m\n  condition: {gt: many}',
      '8: correlation.condition: gt: a number is wanted',
    ],
    [
      '  type: event_count\n  rules: [one]\n  timespan: 1m\n  condition: {more: 5}',
      '8: correlation.condition: there is no `more`',
    ],
    [
      '  type: event_count\n  rules: [one]\n  timespan: 1m\n  condition: {gte: 5, field: x}',
      '8: correlation.condition: event_count has no use for a `field`',
    ],
    [
      '  type: value_count\n  rules: [one]\n  timespan: 1m\n  condition: {gte: 5}',
      '8: correlation.condition: value_count wants a `field`',
    ],
    [
      '  type: value_sum\n  rules: [one]\n  timespan: 1m\n  condition: {gte: 5, field: [x, y]}',
      '8: correlation.condition: value_sum wants a single `field`',
    ],
    [
      '  type: value_percentile\n  rules: [one]\n  timespan: 1m\n  condition: {gte: 5, field: x}',
      '8: correlation.condition: value_percentile needs a `percentile` from 0 to 100 in addition to its limit',
    ],
    [
      '  type: temporal_ordered\n  rules: [one, two]\n  timespan: 1m\n  condition: {gte: 1}',
      '8: correlation.condition: temporal_ordered wants all of its rules, in their order: leave it out',
    ],
    [
      '  type: temporal\n  rules: [one, two]\n  timespan: 1m\n  condition: one and not two',
      '8: correlation.condition: `not` is not supported: that something is absent is certain only after its time',
    ],
    [
      '  type: temporal\n  rules: [one, two]\n  timespan: 1m\n  condition: one',
      '8: correlation.condition: it does not name `two`, which is among the rules',
    ],
    [
      '  type: temporal\n  rules: [one]\n  timespan: 1m\n  group_by: [a]',
      '8: correlation.group_by: there is no such key: did you mean "group-by"?',
    ],
    [
      '  type: temporal\n  rules: [one]\n  timespan: 1m\n  aliases: {x: {three: y}}',
      '8: correlation.aliases: x: `three` is not among the rules',
    ],
    [
      '  type: temporal\n  rules: [c]\n  timespan: 1m',
      '6: correlation.rules: "c": it leads back to this rule',
    ],
  ])('%j is refused', (lines, message) => {
    const { faults, rules } = load(correlation(lines))
    const [fault] = faults.filter(({ kind }) => kind === 'refused')
    expect(`${fault?.line}: ${fault?.message}`).toBe(message)
    expect(rules.map(({ id }) => id)).toEqual(['one', 'two'])
  })

  test('a title is a reference within a file, with a warning', () => {
    const { faults, rules } = load(
      correlation('  type: temporal\n  rules: [Title of one, two]\n  timespan: 1m'),
    )
    expect(faults).toEqual([
      {
        file: 'rule.yml',
        line: 6,
        rule: 'C',
        kind: 'warning',
        message: 'correlation.rules: "Title of one" is a title: Sigma wants an id or a name',
      },
    ])
    expect(rules[0]).toMatchObject({ kind: 'correlation', reports: true, tables: ['cloudtrail'] })
  })

  test('a title of another file is no reference', () => {
    const text =
      'title: C\nid: c\nlevel: low\ncorrelation:\n  type: temporal\n  rules: [Title of one]\n  timespan: 1m\n'
    const { faults } = loadRules(
      [
        { file: 'c.yml', text },
        { file: 'one.yml', text: BASE('one', 'x') },
      ],
      { tables },
    )
    expect(faults[0]?.message).toBe(
      'correlation.rules: "Title of one": there is no rule with this id or name',
    )
  })

  test('rules of the same file are silent, unless generate says otherwise; those of others are not', () => {
    const lines = '  type: temporal\n  rules: [one, three]\n  timespan: 1m'
    const other = { file: 'three.yml', text: BASE('three', 'z') }
    const reports = (text: string) =>
      Object.fromEntries(
        loadRules([{ file: 'c.yml', text }, other], { tables }).rules.map(({ id, reports: own }) => [
          id,
          own,
        ]),
      )
    expect(reports(correlation(lines))).toEqual({ c: true, one: false, two: true, three: true })
    expect(reports(correlation(`${lines}\n  generate: true`)).one).toBe(true)
  })

  test('its rules are silent whether it is on or off; a correlation that is refused silences none', () => {
    const reports = (text: string, without: string[] = []) =>
      Object.fromEntries(
        loadRules([{ file: 'c.yml', text }], { tables, without }).rules.map((one) => [one.id, one.reports]),
      )
    const lines = '  type: temporal\n  rules: [one, two]\n  timespan: 1m'
    const silent = { c: true, one: false, two: false }
    expect(reports(correlation(lines))).toEqual(silent)
    expect(reports(correlation(`${lines}\noff: too loud`))).toEqual(silent)
    expect(reports(correlation(lines), ['c'])).toEqual(silent)
    expect(reports(correlation(`${lines}\n  generate: true\noff: too loud`))).toMatchObject({ one: true })
    expect(reports(correlation(lines.replace('two', 'bad')))).toEqual({ one: true, two: true })
  })

  test('a base rule that is refused takes the correlation with it', () => {
    const { faults, rules } = load(
      correlation('  type: temporal\n  rules: [one, bad]\n  timespan: 1m', `---\n${BASE('bad', '{a: b}')}`),
    )
    expect(rules.map(({ id }) => id)).toEqual(['one', 'two'])
    expect(faults.map(({ rule }) => rule)).toEqual(['C', 'Title of bad'])
  })
})

describe('filters and placeholders', () => {
  const filter = (rules: string) =>
    `---\ntitle: F\nid: f\nlogsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: ${rules}\n  own: {userAgent: z}\n  condition: not own\n`

  test('a filter is added to the rules that it names', () => {
    const { rules, faults } = load(`${BASE('one', 'x')}---\n${BASE('two', 'y')}${filter('[one]')}`)
    expect(faults).toEqual([])
    const [one, two] = rules
    expect(one).toMatchObject({ condition: { kind: 'and' } })
    expect(two).toMatchObject({ condition: { kind: 'name' } })
    const [alone] = load(BASE('one', 'x')).rules
    expect(one?.version).not.toBe(alone?.version)
  })

  test('any means all rules of the logsource', () => {
    const { rules } = load(`${BASE('one', 'x')}---\n${BASE('two', 'y')}${filter('any')}`)
    expect(rules.every((rule) => rule.kind === 'detection' && rule.condition.kind === 'and')).toBe(true)
  })

  test('one that is about no rule is said', () => {
    const { faults } = load(`${BASE('one', 'x')}${filter('[other]')}`)
    expect(faults.map(({ line, kind, message }) => [line, kind, message])).toEqual([
      [13, 'warning', 'filter: it is about no rule that is loaded'],
    ])
  })

  test('one without rules is refused', () => {
    const text = `${BASE('one', 'x')}${filter('[]')}`
    expect(load(text).faults[0]?.message).toBe('rules: it is empty: for all rules, write `any`')
  })

  test('placeholders become alternatives, and a part of the version', () => {
    const text = `${HEAD}detection:\n  a:\n    userAgent|contains|expand: "x-%who%-\\\\%"\n  condition: a\n`
    const [rule] = load(text, { who: ['alice', 'bo*'] }).rules
    const [item] = (rule?.kind === 'detection' && rule.detections.get('a')?.items) || []
    expect(item).toMatchObject({
      tests: [{ kind: 'any', tests: [{ pattern: [expect.anything(), 'x-alice-%', expect.anything()] }, {}] }],
    })
    const [other] = load(text, { who: ['carol'] }).rules
    expect(rule?.version).not.toBe(other?.version)
  })
})

describe('what a rule says of itself', () => {
  test('ids of lists come from its tags; a status may switch it off', () => {
    const text = `title: T\nid: a\nstatus: deprecated\nlevel: high\nauthor: Somebody\nrunbook: Ask them.\ntags: [attack.persistence, attack.t1098.001, atlas.aml.t0051.001, owasp.llm01, owasp.asi02]\n${HEAD.split('\n').slice(3).join('\n')}detection:\n  a: {eventName: x}\n  condition: a\n`
    expect(load(text).rules[0]).toMatchObject({
      attack: ['T1098.001'],
      atlas: ['AML.T0051.001'],
      owasp: ['LLM01', 'ASI02'],
      off: 'its status is deprecated',
      author: 'Somebody',
      runbook: 'Ask them.',
      origin: { file: 'rule.yml', line: 1 },
    })
  })

  test('a mistyped key, a level that is missing, and a search identifier that is never used are said', () => {
    const text = `title: T\nid: a\nlogsource: {product: aws, service: cloudtrail}\nfalsepositive: [x]\ndetection:\n  a: {eventName: x}\n  b: {eventName: y}\n  condition: a\n`
    expect(load(text).faults.map(({ line, kind, message }) => `${line} ${kind} ${message}`)).toEqual([
      '1 warning level: it is missing, medium is taken',
      '4 warning falsepositive: Sigma has no such key: did you mean "falsepositives"?',
      '8 warning condition: the search identifier `b` is never used',
    ])
  })

  test('a version does not change with the title, and does with the detection', () => {
    const text = `${HEAD}detection:\n  a: {eventName: x}\n  condition: a\n`
    const version = (changed: string) => load(changed).rules[0]?.version
    expect(version(text.replace('A rule', 'Another'))).toBe(version(text))
    expect(version(text.replace('eventName: x', 'eventName: y'))).not.toBe(version(text))
    expect(version(text)).toMatch(/^[0-9a-f]{16}$/)
  })
})
