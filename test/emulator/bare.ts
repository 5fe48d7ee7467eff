import { Agent, request } from 'node:http'

/** A client that only sends and receives: no signature to make, nothing tried again. The emulator checks none. */
export interface Bare {
  put(bucket: string, key: string, body: Uint8Array): Promise<void>
  get(bucket: string, key: string): Promise<Buffer>
  /** An action of SQS, as in `ReceiveMessage`. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are of any shape
  sqs(action: string, input: object): Promise<any>
  close(): void
}

export function bareClient(endpoint: string): Bare {
  const agent = new Agent({ keepAlive: true, maxSockets: 128 })
  const pathOf = (bucket: string, key: string) =>
    `/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`
  const send = (method: string, path: string, service: string, headers: object, body: Uint8Array | string) =>
    new Promise<Buffer>((done, failed) => {
      const authorization = `AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE000000000/20260101/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`
      const sent = request(
        `${endpoint}${path}`,
        { agent, method, headers: { authorization, ...headers, 'content-length': Buffer.byteLength(body) } },
        (got) => {
          const chunks: Buffer[] = []
          got.on('data', (chunk: Buffer) => chunks.push(chunk))
          got.on('error', failed)
          got.on('end', () => {
            const answer = Buffer.concat(chunks)
            if ((got.statusCode ?? 0) < 300) done(answer)
            else failed(new Error(`${method} ${path}: ${got.statusCode} ${answer.toString()}`))
          })
        },
      )
      sent.on('error', failed)
      sent.end(body)
    })
  return {
    async put(bucket, key, body) {
      await send('PUT', pathOf(bucket, key), 's3', {}, body)
    },
    get: (bucket, key) => send('GET', pathOf(bucket, key), 's3', {}, ''),
    async sqs(action, input) {
      const headers = { 'x-amz-target': `AmazonSQS.${action}`, 'content-type': 'application/x-amz-json-1.0' }
      const answer = await send('POST', '/', 'sqs', headers, JSON.stringify(input))
      return answer.length === 0 ? {} : JSON.parse(answer.toString())
    },
    close: () => agent.destroy(),
  }
}
