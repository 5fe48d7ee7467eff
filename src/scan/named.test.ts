import { expect, it } from 'vitest'
import { withNames } from './named.ts'

it.each([
  ['write to ada@example.org now', 'write to [EMAIL_ADDRESS] now'],
  ['{"to":"ada%40example.org"}', '{"to":"[EMAIL_ADDRESS]"}'],
  ['{"text":"pay\\nDE89370400440532013000"}', '{"text":"pay\\n[IBAN_CODE]"}'],
  [`as ${Buffer.from('ada@example.org').toString('base64')}`, 'as [BASE64]'],
  ['nothing here', 'nothing here'],
])('%s shows %s', (text, shown) => expect(withNames(text, ['personal'])).toBe(shown))

it('names only what is asked for', () => {
  expect(withNames('ada@example.org', ['secret'])).toBe('ada@example.org')
})
