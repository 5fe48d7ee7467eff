import { hash } from 'node:crypto'
import type { Context, Delivery } from '../../envelopes/contract.ts'
import { readTransformLine } from '../../envelopes/transform.ts'
import { leftover } from '../../json/strict.ts'
import { plainTime, timeOfMillis } from '../../json/time.ts'
import { isObject, type JsonObject, jsonOf, objectOf, textOf, wellFormed } from '../../json/values.ts'
import type { Prepared, Row } from '../contract.ts'
import { rowMaker } from '../row.ts'
import { shapeOf } from '../shape.ts'
import { readAnswer } from './answer.ts'
import { type Body, bodyOf, bodyOfText } from './body.ts'
import { columns } from './columns.ts'
import { conversationOf } from './conversation.ts'
import { type Place, placeOf } from './key.ts'
import { readRequest } from './request.ts'

const rowOf = rowMaker(columns)

const SHAPE = shapeOf(columns, { 'eventMetadata.customAttributes': 'parsed' })

/** A line that Data Capture wrote, one that Model Monitor merged, or one of a batch transform's output. */
export function prepare({ bytes, record, context }: Delivery): Prepared {
  if (!record) return ofTransformLine(Buffer.from(bytes).toString(), context)
  if (!isObject(record.captureData)) return ofTransformRecord(Buffer.from(bytes).toString(), record, context)
  const rest = leftover(bytes, record, SHAPE)
  if (rest.kind === 'refused') return { kind: 'rejected', reason: rest.reason }
  const { captureData, eventMetadata, groundTruthData, eventVersion } = record
  const capture = captureData as JsonObject
  const { endpointInput, endpointOutput, batchTransformOutput } = capture
  const { eventId, inferenceId, inferenceTime, customAttributes } = objectOf(eventMetadata)
  const input = isObject(endpointInput) ? endpointInput : undefined
  const output = isObject(endpointOutput) ? endpointOutput : undefined
  const transformed = isObject(batchTransformOutput) ? batchTransformOutput : undefined
  const truth = objectOf(groundTruthData)
  const place = placeOf(context.uri)
  const merged = isObject(groundTruthData) || transformed !== undefined
  const row = rowOf(
    timeOf(textOf(inferenceTime), place.hour, context.writtenMs),
    {
      id: idOf(textOf(eventId), place, [
        textOf(inferenceId),
        jsonOf(customAttributes),
        textOf(input?.data),
        textOf(output?.data),
        textOf(transformed?.data),
        textOf(truth.data),
      ]),
      kind: merged ? 'merge' : 'endpoint',
      endpointname: place.endpoint,
      variantname: place.variant,
      capturehour: place.hour,
      eventmetadata_eventid: textOf(eventId),
      eventmetadata_inferenceid: textOf(inferenceId),
      eventmetadata_customattributes: jsonOf(
        typeof customAttributes === 'string' ? [customAttributes] : customAttributes,
      ),
      capturedata_batchtransformoutput_encoding: textOf(transformed?.encoding),
      capturedata_batchtransformoutput_data: textOf(transformed?.data),
      groundtruthdata_encoding: textOf(truth.encoding),
      groundtruthdata_data: textOf(truth.data),
      eventversion: textOf(eventVersion),
      unmapped: rest.unmapped,
      capturedata_endpointinput_observedcontenttype: textOf(input?.observedContentType),
      capturedata_endpointinput_mode: textOf(input?.mode),
      capturedata_endpointinput_encoding: textOf(input?.encoding),
      capturedata_endpointinput_data: textOf(input?.data),
      capturedata_endpointoutput_observedcontenttype: textOf(output?.observedContentType),
      capturedata_endpointoutput_mode: textOf(output?.mode),
      capturedata_endpointoutput_encoding: textOf(output?.encoding),
      capturedata_endpointoutput_data: textOf(output?.data),
    },
    ...bodiesOf(bodyOf(input), bodyOf(output ?? transformed), place.endpoint),
  )
  return { kind: 'row', row }
}

/** A line of CSV, to which SageMaker added the inference id and the time. */
function ofTransformLine(line: string, context: Context): Prepared {
  const read = readTransformLine(line)
  if (!read) return { kind: 'rejected', reason: 'the line does not end in an inference id and a time' }
  return ofTransform(line, bodyOfText(read.data, 'text/csv'), read, context)
}

/** A JSON record of a transform's output, with the two fields that SageMaker added. */
function ofTransformRecord(text: string, record: JsonObject, context: Context): Prepared {
  const { SageMakerInferenceId, SageMakerInferenceTime } = record
  const inference = { inferenceId: textOf(SageMakerInferenceId), time: textOf(SageMakerInferenceTime) }
  return ofTransform(text, bodyOfText(text), inference, context)
}

/** @param whole the line or record as delivered, which is the answer: the request is not included */
function ofTransform(
  whole: string,
  body: Body,
  { inferenceId, time }: { inferenceId: string | undefined; time: string | undefined },
  { writtenMs }: Context,
): Prepared {
  const row = rowOf(
    timeOf(time, undefined, writtenMs),
    { id: idOf(inferenceId, {}, [whole]), kind: 'transform', eventmetadata_inferenceid: inferenceId },
    ...bodiesOf({ state: 'absent' }, { ...body, text: whole }),
  )
  return { kind: 'row', row }
}

/** The time, and where it comes from: merged records may have no time of their own. */
function timeOf(told: string | undefined, hour: string | undefined, writtenMs: number): Row {
  const time = told === undefined ? undefined : plainTime(told)
  if (time !== undefined) return { eventmetadata_inferencetime: time, timesource: 'record' }
  if (hour !== undefined) return { eventmetadata_inferencetime: hour, timesource: 'key' }
  return { eventmetadata_inferencetime: timeOfMillis(writtenMs) ?? EPOCH, timesource: 'object' }
}

const EPOCH = '1970-01-01T00:00:00Z'

/**
 * The event id and a hash of the fields that distinguish records: an event id may come again with other
 * content, or on another variant. A copy with the same content, of the same variant, is the same record.
 */
function idOf(
  eventId: string | undefined,
  { endpoint = '', variant = '' }: Place,
  content: readonly (string | undefined)[],
): string {
  let told = `${endpoint}/${variant}`
  for (const text of content) told += `\n${text?.length ?? -1}\n${text ?? ''}`
  const digest = hash('sha256', told).slice(0, 16)
  return eventId ? `${eventId}-${digest}` : digest
}

/** The prompt, parameters, answer and tokens in the bodies; and their text, where no other column has it. */
function bodiesOf(input: Body, output: Body, endpoint?: string): Row[] {
  const request = input.state === 'text' ? { prompt: input.text } : readRequest(input.values?.[0])
  const answer = readAnswer(output.values ?? [])
  const said = {
    input_body_state: input.state,
    output_body_state: output.state,
    dialect: answer.dialect ?? request.dialect,
    modelid: wellFormed(request.modelId ?? answer.modelId),
    system: wellFormed(request.system),
    prompt: wellFormed(request.prompt),
    completion: wellFormed(answer.completion),
    reasoning: wellFormed(answer.reasoning),
    stop_reason: wellFormed(answer.stopReason),
    input_tokens: answer.inputTokens,
    output_tokens: answer.outputTokens,
    cache_read_tokens: answer.cacheReadTokens,
    parameters: jsonOf(request.parameters),
    errorcode: wellFormed(answer.errorCode),
    errormessage: wellFormed(answer.errorMessage),
    input_body: input.isDelivered ? undefined : input.text,
    output_body: output.isDelivered ? undefined : output.text,
  }
  return [conversationOf(request, answer, endpoint), said]
}
