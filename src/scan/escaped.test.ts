import { describe, expect, it } from 'vitest'
import { expectLinearTime } from '../../test/linear-time.ts'
import { scan } from './index.ts'

const found = (text: string) =>
  scan(text, 'parameters', { kinds: ['personal', 'secret'], max: Number.POSITIVE_INFINITY }).map(
    ({ rule, from, to }) => [rule, text.slice(from, to)],
  )

const VALUES = [
  ['PHONE_NUMBER', '+49 30 901820'],
  ['IBAN_CODE', 'DE89370400440532013000'],
  ['CREDIT_CARD', '4111111111111111'],
  ['aws-access-token', `AKIA${'IOSFODNN7EXAMPL2'}`],
] as const

describe('what JSON escapes', () => {
  it.each(VALUES)('hides no %s right behind it', (rule, value) => {
    const once = JSON.stringify({ text: `first\n${value}\tlast` })
    expect(found(once)).toEqual([[rule, value]])
    expect(found(JSON.stringify({ body: once }))).toEqual([[rule, value]])
    expect(found(once.replace('\\n', '\\u000a'))).toEqual([[rule, value]])
    // Far from both ends, where only the surroundings of the escape are read.
    const far = 'far away '.repeat(200)
    expect(found(`{"text":"${far}\\n${value}\\n${far}"}`)).toEqual([[rule, value]])
  })

  it('makes no value of the half of a longer one', () => {
    expect(found(`{"text":"${'9'.repeat(150)}4111111111111111${'9'.repeat(150)}\\nx"}`)).toEqual([])
  })

  it('is looked for in time that grows with the text, however often it is there', () => {
    const one = '\\nDE89370400440532013000 \\u0041 '
    expectLinearTime((length) => found(one.repeat(length / one.length)), 400_000)
  })
})

it('letters, digits and signs of the width of a Chinese character are read as what they are', () => {
  expect(found('ada＠example.org')).toEqual([['EMAIL_ADDRESS', 'ada＠example.org']])
  expect(found('４１１１－１１１１－１１１１－１１１１')).toEqual([
    ['CREDIT_CARD', '４１１１－１１１１－１１１１－１１１１'],
  ])
})
