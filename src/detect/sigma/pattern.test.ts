import { expect, test } from 'vitest'
import { plainPartOf } from './pattern.ts'

test.each([
  ['.+:assumed-role/aws:.+', ':assumed-role/aws:'],
  ['^abcd$', 'abcd'],
  ['abcd*', undefined],
  ['abcde*fgh', 'abcd'],
  ['abcd?efghi', 'efghi'],
  ['abcd+efghi', 'efghi'],
  ['abcd*?efghi', 'efghi'],
  ['abcd??efghi', 'efghi'],
  ['abcd+?efghi', 'efghi'],
  ['aaaab+', 'aaaab'],
  ['.*', undefined],
  ['', undefined],
  ['abcd|efgh', undefined],
  ['(abcd)?', undefined],
  ['abcd{0}', undefined],
  ['[abcd]', undefined],
  ['abc\\d\\d', undefined],
  ['naïve😀?abcd', 'naïve'],
] as const)('what every match of %s holds', (source, part) => {
  expect(plainPartOf(source)).toBe(part)
  if (part === undefined) return
  // Every match of the expression contains the text.
  const samples = [
    'abcd',
    'abcdefghi',
    'abcddefghi',
    'abcdfgh',
    'aaaabb',
    'x:assumed-role/aws:y',
    'naïve😀abcd',
    'naïveabcd',
  ]
  for (const sample of samples) if (new RegExp(source, 'u').test(sample)) expect(sample).toContain(part)
})
