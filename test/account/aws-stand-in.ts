import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as a stand-in sees it: the operation by its name, whatever protocol it came in. */
export interface Asked {
  /** `GetCallerIdentity`, `GetModelInvocationLoggingConfiguration`; of S3 the method and path. */
  operation: string
  input: Record<string, unknown>
  service: string
  /** The body as it came: of S3 it is XML. */
  body?: string
}

/** What it answers; undefined leaves it to the rest. */
export type Answers = (
  asked: Asked,
) => { status?: number; body?: unknown; xml?: string; headers?: Record<string, string> } | undefined

export interface StandIn {
  endpoint: string
  asked: Asked[]
  answers: Answers
  close(): Promise<void>
}

/** Paths of services that speak REST and JSON, and what is asked there. */
const REST: readonly (readonly [RegExp, string])[] = [
  [/^GET \/logging\/modelinvocations/, 'GetModelInvocationLoggingConfiguration'],
  [/^PUT \/logging\/modelinvocations/, 'PutModelInvocationLoggingConfiguration'],
  [/^DELETE \/logging\/modelinvocations/, 'DeleteModelInvocationLoggingConfiguration'],
  [/^GET \/foundation-models/, 'ListFoundationModels'],
  [/^GET \/inference-profiles/, 'ListInferenceProfiles'],
  [/^GET \/detector(\?|$)/, 'ListDetectors'],
  [/^GET \/detector\/\w+\/publishingDestination/, 'ListPublishingDestinations'],
  [/^GET \/detector\/\w+$/, 'GetDetector'],
  [/^POST \/ListPermissions/, 'ListPermissions'],
]

export const ACCOUNT = '111122223333'
export const ROLE = `arn:aws:sts::${ACCOUNT}:assumed-role/loglake/session`

/**
 * AWS over HTTP, as far as a test says what it answers: error bodies in the words of AWS's own documentation, which no emulator has.
 * Who we are it always tells.
 */
export async function startStandIn(): Promise<StandIn> {
  const standIn = { asked: [] as Asked[], answers: (() => undefined) as Answers }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      const asked = read(request, body)
      standIn.asked.push(asked)
      const answer = standIn.answers(asked) ?? defaultAnswer(asked)
      const { status = 200, xml, headers = {} } = answer
      response.writeHead(status, {
        'content-type': xml === undefined ? 'application/json' : 'text/xml',
        ...headers,
      })
      response.end(xml ?? JSON.stringify(answer.body ?? {}))
    })
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return Object.assign(standIn, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections()
      await new Promise((done) => server.close(done))
    },
  })
}

function read({ method = '', url = '', headers }: IncomingMessage, body: string): Asked {
  const service = /\/\d{8}\/[\w-]+\/([\w-]+)\//.exec(headers.authorization ?? '')?.[1] ?? ''
  const target = headers['x-amz-target']
  if (typeof target === 'string')
    return { service, operation: target.split('.').at(-1) ?? '', input: JSON.parse(body || '{}') }
  if (headers['content-type']?.includes('x-www-form-urlencoded')) {
    const input = Object.fromEntries(new URLSearchParams(body))
    return { service, operation: String(input.Action), input }
  }
  const path = `${method} ${url}`
  const known = service === 's3' ? undefined : REST.find(([form]) => form.test(path))?.[1]
  return { service, operation: known ?? path, input: body.startsWith('{') ? JSON.parse(body) : {}, body }
}

function defaultAnswer({ operation, service }: Asked): NonNullable<ReturnType<Answers>> {
  if (operation === 'GetCallerIdentity')
    return xmlOf(
      'GetCallerIdentity',
      `<Arn>${ROLE}</Arn><UserId>A:session</UserId><Account>${ACCOUNT}</Account>`,
    )
  if (service === 's3')
    return {
      status: 404,
      xml: '<Error><Code>NoSuchBucket</Code><Message>The specified bucket does not exist</Message></Error>',
    }
  return { body: {} }
}

/** An answer of a service that speaks Query: STS, IAM, SNS. */
export function xmlOf(operation: string, inner: string): { xml: string } {
  return {
    xml: `<${operation}Response xmlns="https://example.com/"><${operation}Result>${inner}</${operation}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`,
  }
}

/** A denial, in the protocol of the service. */
export function denial({ service }: Asked, message: string) {
  if (service === 's3')
    return { status: 403, xml: `<Error><Code>AccessDenied</Code><Message>${message}</Message></Error>` }
  if (['sts', 'iam', 'sns'].includes(service))
    return {
      status: 403,
      xml: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${message}</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
    }
  return {
    status: 400,
    headers: { 'x-amzn-errortype': 'AccessDeniedException' },
    body: { __type: 'AccessDeniedException', message, Message: message },
  }
}
