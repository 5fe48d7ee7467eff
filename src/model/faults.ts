import { ModelError, type ModelFault } from './errors.ts'

interface ApiError {
  statusCode?: number
  responseBody?: string
  responseHeaders?: Record<string, string>
  message?: string
  name?: string
}

/** Descriptions, without any part of request or answer. */
const SAID: Record<ModelFault, string> = {
  throttled: 'has too many calls at the moment, or a quota is used up',
  unavailable: 'does not answer now',
  cut: 'broke off in the middle of its answer',
  'too-long': 'cannot take so long a text',
  guardrail: 'was stopped by a guardrail or filter of its provider',
  malformed: 'did not answer in the form that was asked for',
  refused: 'refuses our key or credentials, or lacks the permission to be asked',
  wrong: 'does not accept the request',
}

export function modelError(
  name: string,
  fault: ModelFault,
  more: {
    status?: number | undefined
    usage?: ModelError['usage']
    waitSeconds?: number | undefined
    /** The action that IAM reports as missing. */
    action?: string | undefined
  } = {},
): ModelError {
  const { status, usage, waitSeconds, action } = more
  const which = status === undefined ? '' : ` (HTTP ${status})`
  const missing = action === undefined ? '' : `: allow ${action} to who we are`
  return new ModelError(fault, `the model ${name} ${SAID[fault]}${which}${missing}`, {
    waitSeconds,
    ...(usage ? { usage } : {}),
  })
}

// Error texts of Bedrock, Anthropic, OpenAI, Google, llama.cpp and Ollama.
const TOO_LONG =
  /too long|context.{0,12}(length|window|size)|maximum context|too many (input |total )?tokens|exceeds? the (maximum|model|limit).{0,40}token|token.{0,30}exceed|request_too_large/i
const THROTTLED = /throttl|too many requests|rate.?limit|quota|overloaded_error/i
const REFUSED = /access.?denied|unauthori[sz]ed|expired.?token|security token|api.?key/i
/** The only part of a denial that is shown: it consists of letters. */
const MISSING = /not authorized to perform: (bedrock:[A-Za-z]{1,60})\b/
const GUARDRAIL = /guardrail|content.?(filter|policy|management)/i

/**
 * The fault behind an error of the AI SDK, of a provider or of the network. Rethrows the reason of the
 * caller's own signal.
 */
export function faultOf(name: string, thrown: unknown, signal: AbortSignal | undefined): ModelError {
  if (signal?.aborted) throw signal.reason
  if (thrown instanceof ModelError) return thrown
  const error = innermost(thrown)
  const { statusCode: status } = error
  const body = `${error.responseBody ?? ''} ${error.message ?? ''}`.slice(0, 20_000)
  const action = MISSING.exec(body)?.[1]
  return modelError(name, kindOf(error, status, body), { status, waitSeconds: waitOf(error), action })
}

function kindOf({ name = '' }: ApiError, status: number | undefined, body: string): ModelFault {
  if (status === 413 || (TOO_LONG.test(body) && (status === undefined || (status >= 400 && status < 500))))
    return 'too-long'
  if (status === 429 || (THROTTLED.test(body) && status !== 401)) return 'throttled'
  if (status === 401 || status === 403) return 'refused'
  if (status === 408 || (status !== undefined && status >= 500)) return 'unavailable'
  if (status !== undefined && status >= 400) {
    if (GUARDRAIL.test(body)) return 'guardrail'
    return REFUSED.test(body) ? 'refused' : 'wrong'
  }
  if (/LoadAPIKey|Credentials/i.test(name) || /credential/i.test(body)) return 'refused'
  if (/NoObjectGenerated|TypeValidation|InvalidResponseData|NoContentGenerated/.test(name)) return 'malformed'
  // A status 200 whose answer cannot be read, or ended early.
  if (status === 200 || /JSONParse|NoOutputGenerated|InvalidStreamPart|EmptyResponseBody/.test(name))
    return 'cut'
  if (/terminated|premature|aborted|crc|checksum|socket hang up|other side closed|truncated/i.test(body))
    return 'cut'
  return 'unavailable'
}

function innermost(thrown: unknown): ApiError {
  let error = thrown as ApiError & { lastError?: unknown; cause?: unknown }
  for (let depth = 0; depth < 5; depth++) {
    const inner = (error?.lastError ?? (error?.statusCode === undefined ? error?.cause : undefined)) as
      | typeof error
      | undefined
    if (inner === undefined || typeof inner !== 'object') break
    if (inner.statusCode === undefined && error?.name !== undefined && /^AI_/.test(error.name)) {
      if (!/AI_RetryError|AI_APICallError|AI_NoOutput/.test(error.name)) break
    }
    error = inner
  }
  return typeof error === 'object' && error !== null ? error : { message: String(error) }
}

/** Seconds from `retry-after` (RFC 9110), where it is a number, and `retry-after-ms`. */
function waitOf({ responseHeaders = {} }: ApiError): number | undefined {
  const ms = Number(responseHeaders['retry-after-ms'])
  if (Number.isFinite(ms) && ms > 0) return ms / 1000
  const seconds = Number(responseHeaders['retry-after'])
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined
}
