import type { Column } from '../contract.ts'

/**
 * A record of Bedrock's model invocation log, flat: AWS's own names in lower case, joined by `_`; behind them one set of
 * columns for what the bodies say, whichever model wrote them.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html
 */
export const columns: readonly Column[] = [
  {
    name: 'timestamp',
    type: 'timestamptz',
    path: 'timestamp',
    doc: 'When the model was called.',
    bounds: true,
  },
  {
    name: 'requestid',
    type: 'string',
    path: 'requestId',
    doc: "The call's own id: CloudTrail's `requestid` of the same call.",
  },
  {
    name: 'accountid',
    type: 'string',
    path: 'accountId',
    doc: 'The account that called.',
    bounds: true,
  },
  { name: 'region', type: 'string', path: 'region', doc: 'The Region that was called.', bounds: true },
  {
    name: 'inferenceregion',
    type: 'string',
    path: 'inferenceRegion',
    doc: 'Where the model ran, when a cross-Region profile was called.',
  },
  {
    name: 'operation',
    type: 'string',
    path: 'operation',
    doc: '`InvokeModel`, `InvokeModelWithResponseStream`, `Converse` or `ConverseStream`.',
    bounds: true,
  },
  {
    name: 'modelid',
    type: 'string',
    path: 'modelId',
    doc: 'What was called: the id of a model or an inference profile, or an ARN.',
    bounds: true,
  },
  {
    name: 'model',
    type: 'string',
    doc: 'The model behind `modelid`, without ARN and Region prefix; from the answer, where a profile of your own hides it.',
    bounds: true,
  },
  {
    name: 'identity_arn',
    type: 'string',
    path: 'identity.arn',
    doc: 'Who called, as AWS saw it: a user, or a role with its session name.',
    bounds: true,
  },
  {
    name: 'identity_kind',
    type: 'string',
    doc: 'What `identity_arn` names: `assumed-role`, `user`, `federated-user` or `root`.',
  },
  { name: 'identity_name', type: 'string', doc: 'The name of the role or the user in `identity_arn`.' },
  {
    name: 'identity_session',
    type: 'string',
    doc: 'The session name in `identity_arn`, which whoever assumed the role chose.',
  },
  {
    name: 'requestmetadata',
    type: 'json',
    path: 'requestMetadata',
    doc: "What the caller wrote beside the call, as in `team`: the caller's word, no identity.",
  },
  {
    name: 'errorcode',
    type: 'string',
    path: 'errorCode',
    doc: 'Why the call failed, as in `ThrottlingException`.',
  },
  { name: 'schematype', type: 'string', path: 'schemaType', doc: '`ModelInvocationLog`.' },
  {
    name: 'schemaversion',
    type: 'string',
    path: 'schemaVersion',
    doc: "The version of the log's form, as in `1.0`.",
  },
  {
    name: 'input_inputcontenttype',
    type: 'string',
    path: 'input.inputContentType',
    doc: 'The media type of what was asked.',
  },
  {
    name: 'input_inputbodyjson',
    type: 'json',
    path: 'input.inputBodyJson',
    doc: 'What the model was asked, as it was delivered, in the record or beside it.',
  },
  {
    name: 'input_inputbodys3path',
    type: 'string',
    path: 'input.inputBodyS3Path',
    doc: 'Where Bedrock put what was asked, when it was large or no JSON.',
  },
  { name: 'input_body_state', type: 'string', doc: stateOf('what was asked') },
  {
    name: 'input_inputtokencount',
    type: 'long',
    path: 'input.inputTokenCount',
    doc: 'Tokens read that were not in the prompt cache, as the record says.',
  },
  {
    name: 'input_cachereadinputtokencount',
    type: 'long',
    path: 'input.cacheReadInputTokenCount',
    doc: 'Tokens read from the prompt cache, as the record says.',
  },
  {
    name: 'input_cachewriteinputtokencount',
    type: 'long',
    path: 'input.cacheWriteInputTokenCount',
    doc: 'Tokens written to the prompt cache, as the record says.',
  },
  {
    name: 'output_outputcontenttype',
    type: 'string',
    path: 'output.outputContentType',
    doc: 'The media type of the answer.',
  },
  {
    name: 'output_outputbodyjson',
    type: 'json',
    path: 'output.outputBodyJson',
    doc: 'The answer as it was delivered, in the record or beside it; an array when it came in chunks.',
  },
  {
    name: 'output_outputbodys3path',
    type: 'string',
    path: 'output.outputBodyS3Path',
    doc: 'Where Bedrock put the answer, when it was large or no JSON.',
  },
  { name: 'output_body_state', type: 'string', doc: stateOf('the answer') },
  {
    name: 'output_outputtokencount',
    type: 'long',
    path: 'output.outputTokenCount',
    doc: 'Tokens written, as the record says.',
  },
  {
    name: 'output_outputimagecount',
    type: 'long',
    path: 'output.outputImageCount',
    doc: 'How many images the model made.',
  },
  {
    name: 'output_outputvideodurationseconds',
    type: 'double',
    path: 'output.outputVideoDurationSeconds',
    doc: 'How long a video the model made, in seconds.',
  },
  {
    name: 'output_outputvideoframespersecond',
    type: 'double',
    path: 'output.outputVideoFramesPerSecond',
    doc: 'Frames per second of the video that the model made.',
  },
  {
    name: 'output_outputvideowidth',
    type: 'long',
    path: 'output.outputVideoWidth',
    doc: 'The width of the video that the model made, in pixels.',
  },
  {
    name: 'output_outputvideoheight',
    type: 'long',
    path: 'output.outputVideoHeight',
    doc: 'The height of the video that the model made, in pixels.',
  },
  {
    name: 'system',
    type: 'string',
    doc: 'The system prompt; the parts of one that has several are joined by a line feed.',
  },
  {
    name: 'prompt',
    type: 'string',
    doc: 'What was asked: the text of the last turn of the user that has one, or the prompt of a model without turns.',
  },
  { name: 'completion', type: 'string', doc: 'The text of the answer, its chunks put together.' },
  {
    name: 'reasoning',
    type: 'string',
    doc: 'What the model thought aloud before it answered, where the body shows it.',
  },
  {
    name: 'output_message',
    type: 'json',
    doc: 'The answer as one message, put together from chunks; null when the body is whole already.',
  },
  {
    name: 'stop_reason',
    type: 'string',
    doc: 'Why the model stopped, in its own word, as in `end_turn`, `max_tokens`, `tool_use`.',
  },
  {
    name: 'input_tokens',
    type: 'long',
    doc: 'Tokens read that were not in the prompt cache: as the record says, else as the body does.',
  },
  {
    name: 'output_tokens',
    type: 'long',
    doc: 'Tokens written: as the record says, else as the body does.',
  },
  {
    name: 'cache_read_tokens',
    type: 'long',
    doc: 'Tokens read from the prompt cache, beside `input_tokens`: as the record says, else as the body does.',
  },
  {
    name: 'cache_write_tokens',
    type: 'long',
    doc: 'Tokens written to the prompt cache, beside `input_tokens`: as the record says, else as the body does.',
  },
  {
    name: 'latency_ms',
    type: 'long',
    doc: 'How long the answer took, in milliseconds, where the body says.',
  },
  {
    name: 'first_byte_latency_ms',
    type: 'long',
    doc: 'How long the first byte of a streamed answer took, in milliseconds.',
  },
  {
    name: 'guardrail_action',
    type: 'string',
    doc: '`INTERVENED` when a guardrail changed or blocked something, `NONE` when it let all pass; null without one.',
  },
  {
    name: 'guardrail_verdict',
    type: 'string',
    doc: 'The strongest action in the trace: `BLOCKED`, `ANONYMIZED`, `DETECTED` or `NONE`; null without a trace.',
  },
  {
    name: 'guardrail_ids',
    type: 'json',
    doc: 'The guardrails that the request or the trace names.',
  },
  {
    name: 'guardrail_policies',
    type: 'json',
    doc: 'The policies in the trace that found something, as in `["topicPolicy"]`.',
  },
  {
    name: 'guardrail_trace',
    type: 'json',
    doc: "The guardrails' trace, which the caller must have enabled.",
  },
  {
    name: 'conversation_id',
    type: 'string',
    doc: 'Made of the account, the identity and the first message of the user: the same for all calls of one conversation.',
  },
  {
    name: 'message_count',
    type: 'long',
    doc: 'How many messages the input has: it grows by two with each call of a conversation.',
  },
  { name: 'tools', type: 'json', doc: 'The names of the tools that the model was offered.' },
  {
    name: 'tool_uses',
    type: 'json',
    doc: 'Tool calls in the answer and in the re-sent history, as [{id, name, input, seen, turn}]: see the view `bedrock_tool_call`.',
  },
  {
    name: 'tool_results',
    type: 'json',
    doc: 'Results of tool calls in the history or the answer, as [{id, status, content, seen, turn}].',
  },
]

function stateOf(what: string): string {
  return `Of ${what}: \`inline\` in the record, \`fetched\` from beside it, \`missing\` there, \`binary\`, or \`not logged\`.`
}
