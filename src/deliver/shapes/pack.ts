import type { LogType } from '../../logtypes/contract.ts'
import { rebuiltText } from '../../logtypes/rebuild.ts'
import type { Row } from '../redact.ts'
import { secondsOf } from '../rows.ts'
import type { Shape } from './contract.ts'

/**
 * The events of Cribl's packs for SageMaker, Bedrock and CloudTrail: the record as delivered, `_time` the
 * record's own time (for Data Capture the time of the inference, under `eventMetadata`), and the fields that
 * the packs extract.
 */
export const pack: Shape = {
  name: 'pack',
  doc: "The events of Cribl's AWS packs: the record, with endpoint, prompt and response as fields, at the time of the inference.",
  whyNot: (table, type) => (type ? undefined : `${table.name} holds no records of AWS: take the shape rows`),
  async open({ type }) {
    if (!type) throw new Error('an event of the packs is of a log type')
    return {
      shape: async (rows) =>
        rows.map((row) => ({
          text: withFields(rebuiltText(row, type, 0), fieldsOf(row, type)),
          time: secondsOf(row[type.time]),
          host: text(row.endpointname) ?? text(row.recipientaccountid) ?? text(row.accountid),
          source: text(row.lake_object),
        })),
    }
  },
}

/** A field's name in an event of a pack, and the column that it comes from. */
const FIELDS: Readonly<Record<string, readonly [field: string, column: string][]>> = {
  sagemaker_invocation: [
    ['endpoint', 'endpointname'],
    ['variant', 'variantname'],
    ['inferenceTime', 'eventmetadata_inferencetime'],
    ['model', 'modelid'],
    ['system', 'system'],
    ['prompt', 'prompt'],
    ['response', 'completion'],
    ['inputTokens', 'input_tokens'],
    ['outputTokens', 'output_tokens'],
    ['conversation', 'conversation_id'],
    ['stopReason', 'stop_reason'],
    ['error', 'errorcode'],
  ],
  bedrock_invocation: [
    ['model', 'model'],
    ['system', 'system'],
    ['prompt', 'prompt'],
    ['response', 'completion'],
    ['inputTokens', 'input_tokens'],
    ['outputTokens', 'output_tokens'],
    ['latencyMs', 'latency_ms'],
    ['conversation', 'conversation_id'],
    ['stopReason', 'stop_reason'],
  ],
}

function fieldsOf(row: Row, { name }: Pick<LogType, 'name'>): [string, Row[string]][] {
  const named = FIELDS[name]
  if (!named) return []
  const own = ownFields(row)
  return named.flatMap(([field, column]) => {
    const value = row[column]
    return value === undefined || own.includes(field) ? [] : [[field, value] as [string, Row[string]]]
  })
}

/** Fields that the record itself has beyond its columns: a line of a batch transform may have a `prompt`. */
function ownFields({ unmapped }: Row): string[] {
  if (typeof unmapped !== 'string' || !unmapped.startsWith('{')) return []
  return Object.keys(JSON.parse(unmapped) as object)
}

/** Inserts fields before those of an object in JSON text: its numbers stay unchanged. */
function withFields(record: string, fields: readonly [string, Row[string]][]): string {
  if (fields.length === 0) return record
  const own = JSON.stringify(Object.fromEntries(fields)).slice(1, -1)
  return record === '{}' ? `{${own}}` : `{${own},${record.slice(1)}`
}

function text(value: Row[string] | undefined): string | undefined {
  return value === undefined ? undefined : String(value)
}
