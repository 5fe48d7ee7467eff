import { describe, expect, it } from 'vitest'
import { bodyOf } from './batch-body.ts'
import { batchLimitsIn } from './batch-limits.ts'
import { resultsIn } from './batch-results.ts'

describe('limits of a batch job', () => {
  const quotas = [
    { name: 'Minimum number of records per batch inference job for Claude 3.5 Haiku', value: 100 },
    { name: 'Minimum number of records per batch inference job for Claude 3 Haiku', value: 1000 },
    { name: 'Records per batch inference job for Claude 3.5 Haiku', value: 50_000 },
    { name: 'Records per input file per batch inference job for Claude 3.5 Haiku', value: 40_000 },
    { name: 'Minimum number of records per batch inference job for Nova Lite', value: 7 },
    { name: 'Minimum number of records per batch inference job for Claude Haiku 4.5', value: 9 },
  ]
  it.each([
    ['us.anthropic.claude-3-5-haiku-20241022-v1:0', 100],
    ['anthropic.claude-3-haiku-20240307-v1:0', 1000],
    ['eu.amazon.nova-lite-v1:0', 7],
    [
      'arn:aws:bedrock:eu-central-1:111122223333:inference-profile/eu.anthropic.claude-haiku-4-5-20251001-v1:0',
      9,
    ],
  ])('of %s: %i', (model, least) => {
    expect(batchLimitsIn(quotas, model)).toMatchObject({ least, source: 'quotas' })
  })
  it('of a model that is not named are a guess, and say so', () => {
    expect(batchLimitsIn(quotas, 'meta.llama3-1-8b-instruct-v1:0')).toMatchObject({ source: 'unknown' })
    expect(batchLimitsIn(quotas, 'us.anthropic.claude-3-5-haiku-20241022-v1:0').maxInFile).toBe(40_000)
  })
})

describe('a record', () => {
  const record = { id: 'R1', system: 's', text: 't', maxTokens: 5, schema: { type: 'object' } }
  it.each([
    ['Converse', 'anthropic.claude-3-haiku-20240307-v1:0', 'inferenceConfig'],
    ['Converse', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'outputConfig'],
    ['InvokeModel', 'anthropic.claude-haiku-4-5-20251001-v1:0', 'output_config'],
    ['InvokeModel', 'amazon.nova-lite-v1:0', 'schemaVersion'],
    ['InvokeModel', 'openai.gpt-oss-120b-1:0', 'response_format'],
  ] as const)('by %s of %s has %s, and names no model', (body, model, key) => {
    const made = bodyOf(body, model, record)
    expect(made).toHaveProperty(key)
    expect(JSON.stringify(made)).not.toMatch(/modelId|toolConfig/)
  })
  it('in words that are not known here is refused', () => {
    expect(() => bodyOf('InvokeModel', 'ai21.jamba-1-5-mini-v1:0', record)).toThrow(/take Converse/)
  })
})

describe('an answer', () => {
  const line = (modelOutput: object) => JSON.stringify({ recordId: 'R1', modelInput: {}, modelOutput })
  it.each([
    [
      'Claude',
      {
        content: [
          { type: 'thinking', thinking: '…' },
          { type: 'text', text: 'yes' },
        ],
        usage: { input_tokens: 3, output_tokens: 1 },
      },
    ],
    [
      'Converse',
      { output: { message: { content: [{ text: 'yes' }] } }, usage: { inputTokens: 3, outputTokens: 1 } },
    ],
    [
      'OpenAI',
      { choices: [{ message: { content: 'yes' } }], usage: { prompt_tokens: 3, completion_tokens: 1 } },
    ],
    ['Llama', { generation: 'yes', prompt_token_count: 3, generation_token_count: 1 }],
  ])('of %s is read', (_, output) => {
    const { records } = resultsIn([{ key: 'o/j/input.jsonl.out', text: line(output) }])
    expect(records.get('R1')).toEqual({ kind: 'answer', text: 'yes', input: 3, output: 1, cut: false })
  })
  it('after an error replaces it; a second one is counted and left out', () => {
    const error = '{"recordId":"R1","error":{"errorCode":429,"errorMessage":"slow down"}}'
    const text = [error, line({ generation: 'first' }), line({ generation: 'second' })].join('\n')
    const { records, notes } = resultsIn([{ key: 'x.out', text }])
    expect(records.get('R1')).toMatchObject({ text: 'first' })
    expect(notes).toEqual(['2 records came more than once'])
  })
})
