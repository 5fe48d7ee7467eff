import { expect, it } from 'vitest'
import { shortModel, shortRole } from './identity.ts'

it('shortens names to what tells them apart', () => {
  expect(shortModel('anthropic.claude-sonnet-4-5-20250929')).toBe('claude-sonnet-4-5')
  expect(shortModel('anthropic.claude-3-5-sonnet-20241022-v2:0')).toBe('claude-3-5-sonnet-v2')
  expect(shortModel('amazon.titan-embed-text-v2:0')).toBe('titan-embed-text-v2')
  expect(shortModel('gpt-oss-120b')).toBe('gpt-oss-120b')
  expect(shortRole('AWSReservedSSO_Operator_0123456789abcdef')).toBe('Operator')
})
