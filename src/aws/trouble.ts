import { sentence, systemCode } from '../lib/errors.ts'

/** Kinds of AWS errors, as far as they need different reactions. */
export type Trouble =
  | 'no credentials'
  | 'expired'
  | 'unsaid'
  | 'unknown key'
  | 'clock'
  | 'role denied'
  | 'KMS denied'
  | 'denied'
  | 'missing'
  | 'no bucket'
  | 'archived'
  | 'no Region'
  | 'other Region'
  | 'page token'
  | 'exists'
  | 'conflict'
  | 'slow down'
  | 'network'
  | 'service'
  | 'other'

/** The parts of an SDK error that identify it; each may be missing. */
interface Refusal {
  name: string
  message: string
  status: number
  code: string
}

/** By the service's own error codes; an answer to HEAD has none, and is identified by its status. */
const RULES: readonly (readonly [Trouble, (refusal: Refusal) => boolean])[] = [
  ['clock', named('RequestTimeTooSkewed', 'RequestInTheFuture', 'RequestExpired')],
  ['clock', ({ message }) => /signature (expired|not yet current)/i.test(message)],
  ['expired', named('ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired')],
  // By their full names, because tokens of pages, uploads and jobs expire too.
  ['expired', ({ name, message }) => OF_CREDENTIALS.test(name) && /expired/i.test(message)],
  ['page token', ({ name }) => /(Next|Page|Pagination|Continuation|Marker)_?Token/i.test(name)],
  ['page token', ({ name, message }) => OF_PARAMETERS.test(name) && OF_A_PAGE.test(message)],
  [
    'role denied',
    ({ name, message }) => isDenied(name) && /perform: sts:(AssumeRole|TagSession)/.test(message),
  ],
  ['slow down', ({ name }) => /Throttl/.test(name)],
  ['service', ({ name, status }) => /^KMS/i.test(name) && status >= 500],
  ['KMS denied', ({ name }) => /^KMS\W?\w/i.test(name)],
  ['KMS denied', ({ name, message }) => isDenied(name) && /\bkms:[A-Z]|\bciphertext refers to/.test(message)],
  ['no credentials', named('CredentialsProviderError', 'TokenProviderError', 'ProviderError')],
  ['no credentials', ({ status, message }) => status === 0 && /could not load credentials/i.test(message)],
  ['unknown key', named('InvalidAccessKeyId', 'InvalidClientTokenId', 'UnrecognizedClientException')],
  ['unknown key', named('SignatureDoesNotMatch', 'AuthFailure', 'InvalidToken', 'InvalidSignatureException')],
  ['no Region', ({ status, message }) => status === 0 && /region is missing/i.test(message)],
  [
    'other Region',
    named('PermanentRedirect', 'AuthorizationHeaderMalformed', 'IllegalLocationConstraintException'),
  ],
  ['other Region', ({ status }) => status === 301],
  ['no bucket', named('NoSuchBucket', 'QueueDoesNotExist', 'ResourceNotFoundException')],
  ['no bucket', named('AWS.SimpleQueueService.NonExistentQueue')],
  ['archived', named('InvalidObjectState')],
  ['exists', ({ name, status }) => name === 'PreconditionFailed' || status === 412],
  ['conflict', named('ConditionalRequestConflict', 'OperationAborted')],
  ['conflict', ({ status }) => status === 409],
  ['missing', named('NoSuchKey', 'NotFound', 'NoSuchVersion', 'NoSuchUpload')],
  ['missing', ({ status }) => status === 404],
  ['denied', ({ name, status }) => isDenied(name) || status === 403],
  ['slow down', named('SlowDown', 'RequestLimitExceeded', 'TooManyRequestsException', 'RequestThrottled')],
  ['slow down', ({ status }) => status === 429 || status === 503],
  ['network', named('TimeoutError', 'RequestTimeout', 'IncompleteBody')],
  ['network', ({ code }) => /^E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_|HOST|NET|PROTO)/.test(code)],
  // A service's answer may mention another thing that was aborted.
  [
    'network',
    ({ status, message }) => status < 400 && /socket hang up|aborted|premature close/i.test(message),
  ],
  ['service', ({ status }) => status >= 500],
  // Among others, S3's answer to a HEAD with an expired token, which has no body.
  ['unsaid', ({ name, status }) => status === 400 && /^(Unknown|BadRequest|400)/.test(name)],
]

const OF_CREDENTIALS =
  /^(CredentialsProviderError|TokenProviderError|ProviderError|UnauthorizedSSOTokenError|UnauthorizedException|InvalidGrantException|InvalidToken|InvalidClientTokenId|UnrecognizedClientException)$/
const OF_PARAMETERS = /^(Invalid(Argument|Parameter|ParameterValue|Request)|Validation)(Exception|Error)?$/
/**
 * As in `The continuation token provided is incorrect`, `The specified nextToken is invalid`, `Pagination
 * token has expired`.
 */
const OF_A_PAGE = /\b(next|page|pagination|continuation)[ _-]?token\b/i

function named(...names: string[]): (refusal: Refusal) => boolean {
  return ({ name }) => names.includes(name)
}

function isDenied(name: string): boolean {
  return /^(AccessDenied|AllAccessDisabled|Forbidden|UnauthorizedOperation)/.test(name)
}

/** The kind of trouble that an SDK error means. */
export function troubleOf(thrown: unknown): Trouble {
  const refusal = refusalOf(thrown)
  return RULES.find(([, holds]) => holds(refusal))?.[0] ?? 'other'
}

/** Whether the same request may succeed a little later. */
export function mayPass(trouble: Trouble): boolean {
  return ['conflict', 'slow down', 'network', 'service'].includes(trouble)
}

function refusalOf(thrown: unknown): Refusal {
  const { name, $metadata } = (thrown ?? {}) as { name?: unknown; $metadata?: { httpStatusCode?: number } }
  return {
    name: typeof name === 'string' ? name : '',
    message: sentence(thrown),
    status: $metadata?.httpStatusCode ?? 0,
    code: systemCode(thrown) ?? '',
  }
}

/**
 * The service's message, in one line. The SDK's error itself is not passed on: a refused signature contains
 * the signed request, and with it the session token.
 */
export function saidBy(thrown: unknown): string {
  const { name, message, status } = refusalOf(thrown)
  const id = (thrown as { $metadata?: { requestId?: string } } | undefined)?.$metadata?.requestId
  const first = (message === 'UnknownError' ? '' : (message.split('\n')[0] ?? '')).slice(0, 300)
  const parts = [name === 'Error' || name === '' ? '' : name, first].filter((part) => part !== '')
  const told = [...new Set(parts)].join(': ') || 'no reason given'
  const http = [status > 0 ? `HTTP ${status}` : '', id ? `request ${id}` : ''].filter((part) => part !== '')
  return http.length === 0 ? told : `${told}; ${http.join(', ')}`
}
