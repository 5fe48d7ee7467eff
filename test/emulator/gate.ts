import { createServer, type IncomingMessage, request as plain, type ServerResponse } from 'node:http'
import { Agent, request as secure } from 'node:https'
import type { AddressInfo } from 'node:net'

/** A signed request, by what IAM calls it. */
export interface Sent {
  action: string
  /** `PUT /bucket/key?query`: what it was read from. */
  line: string
}

/** What a request of a service that the emulator has not comes down to: actions, each on its resource. */
export type Wants = readonly { action: string; resource: string }[]

export interface Gate {
  endpoint: string
  /** Signed requests of whoever was not the owner of the account. */
  sent: Sent[]
  /** Called before such a request goes on, which waits for it. */
  before: (sent: Sent) => Promise<void>
  stop(): Promise<void>
}

/**
 * Stands in front of an emulator that speaks TLS alone, so that policies which refuse everything else are met: clients ask it in
 * plain words, and it writes down what each signed request is to IAM. Services that the emulator lacks are asked of a stand-in,
 * once the emulator's IAM has allowed what the request wants.
 *
 * @param owner the access key of the account's owner
 */
export async function startGate(
  target: string,
  owner: string,
  elsewhere: {
    services: readonly string[]
    endpoint: string
    denied(wants: Wants): Promise<string | undefined>
  },
): Promise<Gate> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false })
  const sent: Sent[] = []
  const server = createServer((from, to) => {
    pass(from, to).catch(() => to.destroy())
  })

  async function pass(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of from) chunks.push(chunk)
    const body = Buffer.concat(chunks)
    const { key, service } = signedBy(from)
    const action = actionOf(from, service, body)
    if (key !== '' && key !== owner) {
      const one = { action, line: `${from.method} ${from.url}` }
      sent.push(one)
      await gate.before(one)
    }
    if (!elsewhere.services.includes(service)) return forward(from, to, body, target, agent)
    const refused = await elsewhere.denied(wantsOf(action, from, body))
    if (refused === undefined) return forward(from, to, body, elsewhere.endpoint)
    to.writeHead(403, { 'content-type': 'application/json', 'x-amzn-errortype': 'AccessDeniedException' })
    to.end(JSON.stringify({ __type: 'AccessDeniedException', message: refused }))
  }

  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const gate: Gate = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sent,
    before: async () => undefined,
    stop: () =>
      new Promise((gone) => {
        agent.destroy()
        server.close(() => gone())
        server.closeAllConnections()
      }),
  }
  return gate
}

function forward(
  from: IncomingMessage,
  to: ServerResponse,
  body: Buffer,
  target: string,
  agent?: Agent,
): void {
  const { expect: _, ...headers } = from.headers
  const send = agent ? secure : plain
  const passing = send(
    `${target}${from.url}`,
    { method: from.method, headers, ...(agent ? { agent } : {}) },
    (got) => {
      to.writeHead(got.statusCode ?? 502, got.headers)
      got.pipe(to)
    },
  )
  passing.on('error', () => to.destroy())
  passing.end(body)
}

function signedBy({ headers }: IncomingMessage): { key: string; service: string } {
  const [, key = '', service = ''] =
    /Credential=([^/]+)\/\d+\/[^/]+\/([^/]+)\/aws4_request/.exec(String(headers.authorization ?? '')) ?? []
  return { key, service }
}

/** Names of signatures that IAM has another word for. */
const NAMESPACES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch', tagging: 'tag' }

/** What IAM calls a request, as the service authorization reference has it. */
function actionOf(
  { method = '', url = '', headers }: IncomingMessage,
  service: string,
  body: Buffer,
): string {
  const { pathname, searchParams } = new URL(url, 'http://gate')
  const target = String(headers['x-amz-target'] ?? '')
  const namespace = NAMESPACES[service] ?? service
  // A batch of SQS is allowed by the action of which it is one: there is no other in IAM.
  if (target !== '')
    return `${namespace}:${target
      .split('.')
      .at(-1)
      ?.replace(/Batch$/, '')}`
  if (service === 's3') return `s3:${s3ActionOf(method, pathname, searchParams)}`
  if (service === 'bedrock') return `bedrock:${bedrockActionOf(method, pathname)}`
  const named = new URLSearchParams(body.toString()).get('Action') ?? searchParams.get('Action')
  return `${namespace}:${named ?? `${method} ${pathname}`}`
}

function s3ActionOf(method: string, path: string, query: URLSearchParams): string {
  const isObject = /^\/[^/]+\/./.test(path)
  if (!isObject) {
    if (query.has('uploads')) return 'ListBucketMultipartUploads'
    if (method === 'POST' && query.has('delete')) return 'DeleteObject'
    if (query.has('location')) return 'GetBucketLocation'
    return method === 'GET' || method === 'HEAD' ? 'ListBucket' : `${method} bucket`
  }
  if (method === 'GET' || method === 'HEAD') return query.has('versionId') ? 'GetObjectVersion' : 'GetObject'
  if (method === 'DELETE') return query.has('uploadId') ? 'AbortMultipartUpload' : 'DeleteObject'
  return 'PutObject'
}

function bedrockActionOf(method: string, path: string): string {
  if (path === '/model-invocation-job' && method === 'POST') return 'CreateModelInvocationJob'
  if (path === '/model-invocation-jobs') return 'ListModelInvocationJobs'
  if (/\/stop$/.test(path)) return 'StopModelInvocationJob'
  if (path.startsWith('/model-invocation-job/')) return 'GetModelInvocationJob'
  // Converse has no action of its own.
  if (/^\/model\/.+\/(converse|invoke)$/.test(path)) return 'InvokeModel'
  return `${method} ${path}`
}

function wantsOf(action: string, { url = '' }: IncomingMessage, body: Buffer): Wants {
  const { pathname } = new URL(url, 'http://gate')
  const at = (what: string) => `arn:aws:bedrock:eu-central-1:000000000000:${what}`
  if (action === 'bedrock:CreateModelInvocationJob') {
    const { roleArn } = JSON.parse(body.toString()) as { roleArn: string }
    return [
      { action, resource: at('model-invocation-job/*') },
      { action: 'iam:PassRole', resource: roleArn },
    ]
  }
  if (action === 'bedrock:GetModelInvocationJob')
    return [{ action, resource: decodeURIComponent(pathname.split('/').slice(2).join('/')) }]
  if (action === 'bedrock:InvokeModel')
    return [{ action, resource: `arn:aws:bedrock:eu-central-1::foundation-model/${pathname.split('/')[2]}` }]
  return [{ action, resource: '*' }]
}
