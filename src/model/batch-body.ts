import { UserError } from '../lib/errors.ts'

/** The request format of a record: the model's own, or Converse, which is the same for all models. */
export type BatchBody = 'InvokeModel' | 'Converse'

/** A call of the model. */
export interface BatchRecord {
  /** Letters and digits. */
  id: string
  system: string
  text: string
  maxTokens: number
  /** JSON Schema of the answer, for models that enforce one; `system` describes the form to all models. */
  schema: object
}

/**
 * The `modelInput` of a record. The job names the model: a body with a `modelId` is refused.
 *
 * @throws UserError when the request format of this model is unknown: Converse works for any model
 */
export function bodyOf(body: BatchBody, model: string, record: BatchRecord): object {
  if (body === 'Converse') return converse(model, record)
  const id = model.split('/').at(-1) ?? model
  const found = NATIVE.find(([name]) => name.test(id))
  if (!found)
    throw new UserError(
      `analyze.batch.body: how ${model} is asked in its own words is not known here: take Converse`,
    )
  return found[1](model, record)
}

function converse(model: string, { system, text, maxTokens, schema }: BatchRecord): object {
  return {
    system: [{ text: system }],
    messages: [{ role: 'user', content: [{ text }] }],
    inferenceConfig: { maxTokens, temperature: 0 },
    ...(keepsToSchemas(model)
      ? {
          outputConfig: {
            textFormat: {
              type: 'json_schema',
              structure: { jsonSchema: { name: 'answer', schema: JSON.stringify(schema) } },
            },
          },
        }
      : {}),
  }
}

/**
 * Claude since 4.5 (docs.aws.amazon.com/bedrock/latest/userguide/structured-output.html); other models follow
 * the description in `system`.
 */
function keepsToSchemas(model: string): boolean {
  return /claude-(?:opus|sonnet|haiku)-(?:4-[5-9]|[5-9])/.test(model)
}

const NATIVE: readonly [RegExp, (model: string, record: BatchRecord) => object][] = [
  [
    /anthropic\./,
    (model, { system, text, maxTokens, schema }) => ({
      anthropic_version: 'bedrock-2023-05-31',
      max_tokens: maxTokens,
      temperature: 0,
      system,
      messages: [{ role: 'user', content: [{ type: 'text', text }] }],
      ...(keepsToSchemas(model) ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
    }),
  ],
  [
    /amazon\.nova/,
    (_, { system, text, maxTokens }) => ({
      schemaVersion: 'messages-v1',
      system: [{ text: system }],
      messages: [{ role: 'user', content: [{ text }] }],
      inferenceConfig: { maxTokens, temperature: 0 },
    }),
  ],
  [
    /(?:openai|qwen|deepseek|mistral|moonshot|minimax|google|nvidia|zai)\./,
    (_, { system, text, maxTokens, schema }) => ({
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: text },
      ],
      max_tokens: maxTokens,
      temperature: 0,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } },
    }),
  ],
]
