import { afterEach, expect, it } from 'vitest'
import { forgetSecrets, keepSecret, withoutSecrets } from './secrets.ts'
import { visible } from './terminal.ts'

afterEach(forgetSecrets)

it('a secret is hidden however it is spelled', () => {
  keepSecret('p@ss "w/ö\'rd')
  for (const spelled of [
    'p@ss "w/ö\'rd',
    'P@SS "W/Ö\'RD',
    encodeURIComponent('p@ss "w/ö\'rd'),
    encodeURIComponent('p@ss "w/ö\'rd').toLowerCase(),
    JSON.stringify('p@ss "w/ö\'rd'),
    JSON.stringify(JSON.stringify('p@ss "w/ö\'rd')),
    "p@ss \"w/ö''rd",
    Buffer.from('p@ss "w/ö\'rd').toString('base64'),
  ])
    expect(withoutSecrets(`before ${spelled} after`)).toMatch(/^before .?.?.?.?\*\*\*.?.?.?.? after$/)
})

it('its lines, and the parts of a URL, are secrets of their own', () => {
  keepSecret('first line of it\nsecond line of it')
  keepSecret('https://someone:pa55word-x@sqs.eu-central-1.amazonaws.com/111122223333/the-queue-name')
  expect(withoutSecrets('second line of it; the-queue-name of someone; pa55word-x')).toBe(
    '***; *** of someone; ***',
  )
  expect(withoutSecrets('eu-central-1, 111122223333, sqs.eu-central-1.amazonaws.com')).toBe(
    'eu-central-1, 111122223333, sqs.eu-central-1.amazonaws.com',
  )
})

it('what is short or plain is left, or nothing could be read any more', () => {
  for (const value of ['', 'abc', '9090', 'true']) keepSecret(value)
  expect(withoutSecrets('abc: 9090 is true')).toBe('abc: 9090 is true')
})

it('nothing of it is left where a text is cut to fit', () => {
  keepSecret('a-very-long-secret')
  expect(visible('see a-very-long-secret')).toBe('see ***')
})
