import { expect, test } from 'vitest'
import { LakeError, UserError } from '../../lib/errors.ts'
import { Unreadable } from '../../sources/contract.ts'
import { isUnexpected, unexpectedReason } from './unexpected.ts'

test("the machine's failures and the user's are foreseen", () => {
  const full = Object.assign(new Error('no space'), { code: 'ENOSPC' })
  const lost = new LakeError('cannot write', { file: 'f', remedy: 'free some space' })
  for (const thrown of [full, lost, new UserError('wrong'), new Unreadable('missing', 'gone'), 'text'])
    expect(isUnexpected(thrown)).toBe(false)
  for (const message of ['IO Error: disk', 'FATAL Error: gone', 'INTERRUPT Error: stopped'])
    expect(isUnexpected(new Error(message))).toBe(false)
  expect(isUnexpected(Object.assign(new Error('stop'), { name: 'AbortError' }))).toBe(false)
})

test('others are not', () => {
  const long = Object.assign(new RangeError('Invalid string length'), { code: 'ERR_STRING_TOO_LONG' })
  for (const thrown of [long, new TypeError('x is no function'), new Error('Conversion Error: 7')])
    expect(isUnexpected(thrown)).toBe(true)
})

test.each([
  [new RangeError('Invalid time value'), 'storing it failed unexpectedly: RangeError, Invalid time value'],
  [
    new SyntaxError(`Unexpected token 's', "secret" is not valid JSON`),
    'storing it failed unexpectedly: SyntaxError, Unexpected token',
  ],
  [
    new Error("Conversion Error: Could not convert string 'secret' to INT32"),
    'storing it failed unexpectedly: Error, Conversion Error: Could not convert string',
  ],
  [new Error('7 secrets'), 'storing it failed unexpectedly: Error'],
  ['secret', 'storing it failed unexpectedly: Error'],
])('%s', (thrown, reason) => expect(unexpectedReason('storing it', thrown)).toBe(reason))
