import { expect, it } from 'vitest'
import { plain } from './plain.ts'

it('names what cannot be seen and what turns text round', () => {
  expect(plain('\u202egnp.exe\u200b')).toBe('⟦right-to-left override⟧gnp.exe⟦zero-width space⟧')
  expect(plain('a\x1b[2J\x07\x7f')).toBe('a␛[2J␇␡')
  expect(plain('tab\there\nline')).toBe('tab\there\nline')
  expect(plain('\u{e0041}')).toBe('⟦U+E0041⟧')
  expect(plain('ümläut 日本語 👍')).toBe('ümläut 日本語 👍')
})
