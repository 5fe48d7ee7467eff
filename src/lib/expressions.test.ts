import { describe, expect, test } from 'vitest'
import { expectLinearTime } from '../../test/linear-time.ts'
import { expression, whyNoExpression } from './expressions.ts'

describe('a regular expression', () => {
  test.each([
    ['CloudTrail/(eu|us)-', 'AWSLogs/CloudTrail/eu-west-1/x', true],
    ['^CloudTrail', 'AWSLogs/CloudTrail/eu-west-1/x', false],
    ['\\d{12}/(?:a|b)?$', '111122223333/', true],
    ['(?<year>\\d{4})/', '/2026/', true],
    ['^\\p{Lu}+$', 'ÄÖÜ', true],
    ['^.$', '😀', true],
    ['(?i)CLOUDTRAIL', 'CloudTrail', true],
  ])('%s in %s: %s', (pattern, text, expected) => {
    expect(whyNoExpression(pattern)).toBeUndefined()
    expect(expression(pattern).test(text)).toBe(expected)
  })

  test.each([
    ['(', 'missing closing ): `(`'],
    ['[a-', 'missing closing ]: `[a-`'],
    ['a{2000}', 'invalid repeat count: `{2000}`'],
    ['a(?=b)', 'looking ahead or behind is not supported: `(?=`'],
    ['(?<!a)b', 'looking ahead or behind is not supported: `(?<!`'],
    ['(a)\\1', 'a reference to a group is not supported: `\\1`'],
  ])('is none: %s', (pattern, why) => expect(whyNoExpression(pattern)).toBe(why))

  // With backtracking, each of these would take time that doubles with every letter, or grows with its square
  // or cube.
  test.each([
    ['^(a+)+$', 'a', '!'],
    ['^(a|a)*$', 'a', '!'],
    ['^(a|aa)+$', 'a', '!'],
    ['^(a*)*$', 'a', '!'],
    ['^(.*a){12}$', 'a', '!'],
    ['(x+x+)+y', 'x', ''],
    ['^([a-z]+)*[0-9]$', 'a', ''],
    ['^(\\w+\\s?)*$', 'a', '!'],
    ['(.*)*=(.*)*!', '=', ''],
    ['^(?:a?){50}a{50}$', 'a', 'b'],
  ])(
    '%s takes time that grows with the text',
    (pattern, letter, end) => {
      const { test: find } = expression(pattern)
      expectLinearTime((length) => {
        const text = letter.repeat(length) + end
        for (let turn = 0; turn < 5; turn++) find(text)
      }, 40_000)
    },
    60_000,
  )
})
