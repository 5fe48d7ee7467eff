import { expect, test } from 'vitest'
import { modelOf } from './model.ts'

const ARN = 'arn:aws:bedrock:us-east-1:111122223333:'

test.each([
  ['amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
  ['us.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'],
  ['us-gov.meta.llama3-70b-instruct-v1:0', 'meta.llama3-70b-instruct-v1:0'],
  ['ai21.j2-mid-v1', 'ai21.j2-mid-v1'],
  ['amazon.titan-embed-text-v2:0:8k', 'amazon.titan-embed-text-v2:0'],
  ['anthropic.claude-v2:1', 'anthropic.claude-v2:1'],
  ['anthropic.claude-instant-v1', 'anthropic.claude-instant-v1'],
  ['anthropic.claude-3-5-haiku-20241022-v1:0', 'anthropic.claude-3-5-haiku-20241022'],
  ['anthropic.claude-3-haiku-20240307-v1:0:200k', 'anthropic.claude-3-haiku-20240307'],
  ['apac.anthropic.claude-sonnet-4-20250514-v1:0', 'anthropic.claude-sonnet-4-20250514'],
  [`${ARN}inference-profile/global.anthropic.claude-opus-4-6-v1`, 'anthropic.claude-opus-4-6'],
  ['arn:aws:bedrock:us-east-1::foundation-model/openai.gpt-oss-120b-1:0', 'openai.gpt-oss-120b-1:0'],
])('%s is %s', (modelId, model) => expect(modelOf(modelId, undefined)).toBe(model))

test('one that hides the model is told by the answer', () => {
  const hiding = `${ARN}application-inference-profile/abc123def456`
  expect(modelOf(hiding, 'claude-opus-4-6')).toBe('anthropic.claude-opus-4-6')
  expect(modelOf(hiding, `${ARN}inference-profile/us.amazon.nova-pro-v1:0`)).toBe('amazon.nova-pro-v1:0')
  expect(modelOf(hiding, undefined)).toBe('application-inference-profile/abc123def456')
  expect(modelOf('arn:aws:sagemaker:us-east-1:111122223333:endpoint/example', '')).toBe('endpoint/example')
  expect(modelOf(undefined, 'claude-opus-4-6')).toBe('anthropic.claude-opus-4-6')
  expect(modelOf(undefined, undefined)).toBeUndefined()
})

test('the answer does not overrule an id that names the model', () => {
  expect(modelOf('amazon.nova-lite-v1:0', '/opt/ml/model')).toBe('amazon.nova-lite-v1:0')
})
