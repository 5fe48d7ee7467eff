import { expect, it } from 'vitest'
import { showing } from './mask.ts'

const show = showing({ reader: { mayUnmask: false } as never, maskKey: '0123456789abcdef' }, false)
const mail = 'eva.holt@example.org'

it.each([
  ['percent-encoding', `q=${encodeURIComponent(mail)}`],
  ['escapes within a text', `said \\u0065va.holt\\u0040example.org`],
  ['escapes of a text within a text', String.raw`{"body":"{\"to\":\"eva.holt\\u0040example.org\"}"}`],
  [
    'escapes of a text within a text within a text',
    String.raw`{"a":"{\"b\":\"{\\\"to\\\":\\\"eva.holt\\\\u0040example.org\\\"}\"}"}`,
  ],
  ['entities', mail.replace('@', '&#64;')],
  ['base64', `data ${Buffer.from(mail).toString('base64')} end`],
])('what %s hides is masked', (_, text) => {
  const { text: shown, masked } = show(text, 'user')
  expect(shown).toMatch(/\[(?:EMAIL_ADDRESS|BASE64):[0-9a-f]{16}\]/)
  expect(masked).toHaveLength(1)
  expect(shown).not.toMatch(/holt|example|ZXhhbXBsZ/)
})

it('all else stays as it is written, so that offsets are the same with and without masks', () => {
  const text = String.raw`{"note":"caf\u0065 \u003c3","to":"eva.holt\u0040example.org"}`
  const to = text.indexOf('to')
  expect(show(text, 'user', { from: 0, to }).text).toBe(text.slice(0, to))
  expect(show(text, 'user').length).toBe(text.length)
})
