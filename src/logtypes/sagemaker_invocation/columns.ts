import type { Column } from '../contract.ts'

/**
 * Data Capture's record, flat, and what its payloads say.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
 */
export const columns: readonly Column[] = [
  {
    name: 'eventmetadata_inferencetime',
    type: 'timestamptz',
    path: 'eventMetadata.inferenceTime',
    doc: 'When the model was invoked; where the record does not tell, see `timesource`.',
    bounds: true,
  },
  {
    name: 'id',
    type: 'string',
    doc: 'The event id and a hash of the rest, since an event id may come again with other content: one row per id.',
  },
  {
    name: 'kind',
    type: 'string',
    doc: '`endpoint` for a capture, `merge` for one that Model Monitor merged with ground truth, `transform` for a line of a batch transform.',
  },
  {
    name: 'timesource',
    type: 'string',
    doc: 'Where the time comes from: `record`, `key` (the hour of its key), or `object` (when it was written).',
  },
  {
    name: 'endpointname',
    type: 'string',
    doc: 'The endpoint, from the key of the object: the record does not tell.',
    bounds: true,
  },
  {
    name: 'variantname',
    type: 'string',
    doc: 'The production or shadow variant, from the key of the object.',
    bounds: true,
  },
  {
    name: 'capturehour',
    type: 'timestamptz',
    doc: 'The hour of the key, in which the object was opened; the invocation may be in the next one.',
  },
  {
    name: 'eventmetadata_eventid',
    type: 'string',
    path: 'eventMetadata.eventId',
    doc: "SageMaker's id of the capture.",
  },
  {
    name: 'eventmetadata_inferenceid',
    type: 'string',
    path: 'eventMetadata.inferenceId',
    doc: "The caller's id of the invocation, when it sent one; the generated one of a batch transform.",
    bounds: true,
  },
  {
    name: 'eventmetadata_customattributes',
    type: 'json',
    path: 'eventMetadata.customAttributes',
    doc: "The caller's custom attributes, as a JSON array of texts.",
  },
  {
    name: 'dialect',
    type: 'string',
    doc: 'What the payload speaks: openai-chat, openai-completions, tgi, lmi, jumpstart, vllm, sglang, embeddings, rerank; null for any other.',
  },
  {
    name: 'modelid',
    type: 'string',
    doc: 'The model that the payload names.',
  },
  {
    name: 'system',
    type: 'string',
    doc: "The text of the conversation's system messages.",
  },
  {
    name: 'prompt',
    type: 'string',
    doc: 'The text that was asked; of a conversation the text of the last turn of the user that has one.',
  },
  {
    name: 'completion',
    type: 'string',
    doc: 'The text that the model answered, put together when it was streamed.',
  },
  {
    name: 'reasoning',
    type: 'string',
    doc: 'What the model thought aloud before it answered, where the body shows it.',
  },
  {
    name: 'stop_reason',
    type: 'string',
    doc: 'Why the model stopped, as in `length`, `stop`, `eos_token`, `tool_calls`.',
  },
  {
    name: 'input_tokens',
    type: 'long',
    doc: 'Tokens read that were not in a cache, where the payload tells.',
  },
  {
    name: 'output_tokens',
    type: 'long',
    doc: 'Tokens written, where the payload tells.',
  },
  {
    name: 'cache_read_tokens',
    type: 'long',
    doc: 'Tokens read from a cache, beside `input_tokens`, where the payload tells.',
  },
  {
    name: 'parameters',
    type: 'json',
    doc: 'The parameters of the request, as in `{"max_new_tokens":50}`: all of it but text, tools and model.',
  },
  {
    name: 'conversation_id',
    type: 'string',
    doc: 'Made of the endpoint and the first message of the user: the same for all requests of one conversation, and of others that begin alike.',
  },
  {
    name: 'message_count',
    type: 'long',
    doc: 'How many messages the request has: it grows by two with each request of a conversation.',
  },
  { name: 'tools', type: 'json', doc: 'The names of the tools that the model was offered.' },
  {
    name: 'tool_uses',
    type: 'json',
    doc: 'Tool calls in the answer and in the re-sent history, as [{id, name, input, seen, turn}].',
  },
  {
    name: 'tool_results',
    type: 'json',
    doc: 'Results of tool calls in the history, as [{id, content, seen, turn}].',
  },
  {
    name: 'errorcode',
    type: 'string',
    doc: 'The code of the error that the container answered.',
  },
  {
    name: 'errormessage',
    type: 'string',
    doc: 'The text of the error that the container answered.',
  },
  {
    name: 'input_body_state',
    type: 'string',
    doc: 'What the request is: json, jsonlines, sse, csv, text, binary, empty, or absent when it was not captured.',
  },
  {
    name: 'input_body',
    type: 'string',
    doc: 'The request as text, out of base64. Null where `capturedata_endpointinput_data` is that text already, and when it is binary or absent.',
  },
  {
    name: 'output_body_state',
    type: 'string',
    doc: 'What the answer is: json, jsonlines, sse, csv, text, binary, empty, or absent when it was not captured.',
  },
  {
    name: 'output_body',
    type: 'string',
    doc: 'The answer as text, out of base64, or the line of a batch transform. Null where the data that was captured is that text already, and when it is binary or absent.',
  },
  {
    name: 'capturedata_endpointinput_observedcontenttype',
    type: 'string',
    path: 'captureData.endpointInput.observedContentType',
    doc: 'The content type of the request, as the client sent it.',
  },
  {
    name: 'capturedata_endpointinput_mode',
    type: 'string',
    path: 'captureData.endpointInput.mode',
    doc: 'The side, `INPUT`.',
  },
  {
    name: 'capturedata_endpointinput_encoding',
    type: 'string',
    path: 'captureData.endpointInput.encoding',
    doc: 'How the data is written: JSON, CSV or BASE64.',
  },
  {
    name: 'capturedata_endpointinput_data',
    type: 'string',
    path: 'captureData.endpointInput.data',
    doc: 'The request as it was captured, byte for byte.',
  },
  {
    name: 'capturedata_endpointoutput_observedcontenttype',
    type: 'string',
    path: 'captureData.endpointOutput.observedContentType',
    doc: 'The content type of the answer.',
  },
  {
    name: 'capturedata_endpointoutput_mode',
    type: 'string',
    path: 'captureData.endpointOutput.mode',
    doc: 'The side, `OUTPUT`.',
  },
  {
    name: 'capturedata_endpointoutput_encoding',
    type: 'string',
    path: 'captureData.endpointOutput.encoding',
    doc: 'How the data is written: JSON, CSV or BASE64.',
  },
  {
    name: 'capturedata_endpointoutput_data',
    type: 'string',
    path: 'captureData.endpointOutput.data',
    doc: 'The answer as it was captured, byte for byte.',
  },
  {
    name: 'capturedata_batchtransformoutput_encoding',
    type: 'string',
    path: 'captureData.batchTransformOutput.encoding',
    doc: "How a merged batch transform's data is written.",
  },
  {
    name: 'capturedata_batchtransformoutput_data',
    type: 'string',
    path: 'captureData.batchTransformOutput.data',
    doc: 'The output of a batch transform, as Model Monitor merged it.',
  },
  {
    name: 'groundtruthdata_encoding',
    type: 'string',
    path: 'groundTruthData.encoding',
    doc: 'How the ground truth is written.',
  },
  {
    name: 'groundtruthdata_data',
    type: 'string',
    path: 'groundTruthData.data',
    doc: 'The ground truth that Model Monitor merged with the capture.',
  },
  {
    name: 'eventversion',
    type: 'string',
    path: 'eventVersion',
    doc: "Version of the record's format, `0`.",
  },
]
