import type { Row } from '../../redact.ts'
import { cloud, event, given, type Made, rest, status, text, whole } from './event.ts'

const CLASS = {
  class: { uid: 6003, name: 'API Activity' },
  category: { uid: 6, name: 'Application Activity' },
  activity: { id: 99, name: 'Invoke' },
  severity: 1,
  profiles: ['ai_operation'],
}

/** Amazon Bedrock's log has no address: the caller's role is in `actor`, `src_endpoint` is Bedrock. */
export function bedrockCall(row: Row, made: Made): object {
  return {
    ...event(row, made, CLASS, { uid: 'requestid', time: 'timestamp' }),
    cloud: cloud(row.accountid, row.region),
    actor: {
      user: {
        name: text(row.identity_session) ?? text(row.identity_name) ?? 'unknown',
        type_id: 99,
        type: text(row.identity_kind) ?? 'Other',
        ...given({ uid: text(row.identity_arn) }),
      },
    },
    src_endpoint: { svc_name: 'bedrock.amazonaws.com' },
    api: {
      operation: String(row.operation ?? 'InvokeModel'),
      service: { name: 'bedrock.amazonaws.com' },
      ...(row.requestid === undefined ? {} : { request: { uid: String(row.requestid) } }),
    },
    ...status(row.errorcode, undefined),
    ...model(row.modelid ?? row.model, vendorOf(row.model)),
    ...messages(row),
    ...duration(row.latency_ms),
    ...rest(row, UNMAPPED),
  }
}

/** Data Capture has no caller: `actor` is the endpoint. */
export function sagemakerCall(row: Row, made: Made): object {
  const endpoint = String(row.endpointname ?? 'unknown')
  return {
    ...event(row, made, CLASS, { uid: 'id', time: 'eventmetadata_inferencetime' }),
    cloud: cloud(undefined, undefined),
    actor: { app_name: endpoint },
    src_endpoint: { svc_name: 'runtime.sagemaker.amazonaws.com' },
    api: {
      operation: 'InvokeEndpoint',
      service: { name: 'runtime.sagemaker.amazonaws.com' },
      ...(row.eventmetadata_eventid === undefined
        ? {}
        : { request: { uid: String(row.eventmetadata_eventid) } }),
    },
    ...status(row.errorcode, row.errormessage),
    ...model(row.modelid ?? endpoint, 'Amazon SageMaker'),
    ...messages(row),
    resources: [{ name: endpoint, type: 'AWS::SageMaker::Endpoint' }],
    ...rest(row, UNMAPPED),
  }
}

function model(name: Row[string] | undefined, provider: string): object {
  return { ai_model: { name: String(name ?? 'unknown'), ai_provider: provider } }
}

/** `anthropic.claude-3-haiku-20240307-v1:0` → `anthropic` */
function vendorOf(model: Row[string] | undefined): string {
  const found = /^([a-z0-9]+)\./.exec(String(model ?? ''))
  return found?.[1] ?? 'Amazon Bedrock'
}

function messages(row: Row): object {
  const prompt_tokens = whole(row.input_tokens)
  const completion_tokens = whole(row.output_tokens)
  const total_tokens =
    prompt_tokens === undefined || completion_tokens === undefined
      ? undefined
      : prompt_tokens + completion_tokens
  return {
    message_context: {
      service: { name: row.endpointname === undefined ? 'Amazon Bedrock' : 'Amazon SageMaker' },
      ...given({ prompt_tokens, completion_tokens, total_tokens, uid: text(row.conversation_id) }),
    },
  }
}

function duration(ms: Row[string] | undefined): object {
  return typeof ms === 'number' ? { duration: Math.round(ms) } : {}
}

/** 1.8.0 has no field for prompts and answers: `prompt_text` and `response_text` come with 1.9. */
const UNMAPPED = [
  'system',
  'prompt',
  'completion',
  'reasoning',
  'stop_reason',
  'tools',
  'tool_uses',
  'tool_results',
  'guardrail_action',
  'guardrail_ids',
  'requestmetadata',
  'variantname',
]
