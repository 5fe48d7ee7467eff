/**
 * A child: an HTTP receiver that takes everything, and keeps bodies in a file when it is given one. Its first line tells its address. Where it
 * stands for a receiver on another machine, it is given a priority that lets all else go first.
 */
import { appendFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setPriority } from 'node:os'
import { gunzipSync } from 'node:zlib'

const [keep = '', nice = '0'] = process.argv.slice(2)
setPriority(Number(nice))
const server = createServer(async (request, response) => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  const { url = '', headers } = request
  if (keep !== '')
    appendFileSync(
      keep,
      `${JSON.stringify({ url, headers: { 'content-type': headers['content-type'], 'content-encoding': headers['content-encoding'] ?? '', authorization: headers.authorization ?? '' }, body: body.toString('base64') })}\n`,
    )
  response.setHeader('content-type', 'application/json')
  if (!url.startsWith('/_bulk')) return response.end('{"text":"Success","code":0}')
  const text = (headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body).toString()
  const documents = (text.match(/\n/g)?.length ?? 0) / 2
  response.end(
    JSON.stringify({
      errors: false,
      items: Array.from({ length: documents }, () => ({ create: { status: 201 } })),
    }),
  )
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}` })}\n`)
})
process.on('SIGTERM', () => {
  process.stdout.write('{}\n')
  process.exit(0)
})
