import { createServer, request, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { makeCertificates } from '../../test/receivers/certificates.ts'
import { type ConnectProxy, startConnectProxy } from '../../test/receivers/connect-proxy.ts'
import { connections } from './connections.ts'

const certificates = makeCertificates()
let service: Server
let port: number
let proxy: ConnectProxy
beforeAll(async () => {
  service = createServer(certificates.server, (_, response) => response.end('served'))
  await new Promise<void>((done) => service.listen(0, '127.0.0.1', done))
  port = (service.address() as AddressInfo).port
})
afterAll(() => {
  service.closeAllConnections()
  service.close()
})
beforeEach(async () => {
  // Names that only the proxy can resolve.
  proxy = await startConnectProxy(() => ({ host: '127.0.0.1', port }))
  vi.stubEnv('https_proxy', '')
  vi.stubEnv('no_proxy', '')
  vi.stubEnv('NO_PROXY', '')
  vi.stubEnv('HTTPS_PROXY', proxy.url)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await proxy.stop()
})

type Connections = ReturnType<typeof connections>

function got(host: string, { httpsAgent }: Connections, more: object = {}): Promise<string> {
  return new Promise((done, failed) => {
    const asked = request({ host, agent: httpsAgent as never, ca: certificates.ca, ...more }, (answer) => {
      let text = ''
      answer.on('data', (chunk) => {
        text += chunk
      })
      answer.on('end', () => done(text))
    })
    asked.on('error', failed)
    asked.end()
  })
}

it('goes through the proxy, one tunnel for requests one after the other, and sees the certificate of the service', async () => {
  const made = connections()
  vi.stubEnv('HTTPS_PROXY', proxy.url.replace('//', '//me:secret@'))
  for (let n = 0; n < 3; n++) expect(await got('localhost', made)).toBe('served')
  const authorization = `Basic ${Buffer.from('me:secret').toString('base64')}`
  expect(proxy.asked).toEqual([{ target: 'localhost:443', authorization }])
  await expect(got('elsewhere.invalid', made)).rejects.toThrow(/altnames/)
})

it('goes past it where NO_PROXY says so', async () => {
  vi.stubEnv('NO_PROXY', 'localhost')
  expect(await got('localhost', connections(), { port, host: 'localhost' })).toBe('served')
  expect(proxy.asked).toEqual([])
})

it('says what the proxy said, and never its password', async () => {
  vi.stubEnv('HTTPS_PROXY', proxy.url.replace('//', '//me:secret@'))
  proxy.refuse = 407
  const thrown = await got('localhost', connections()).catch((error: Error) => error)
  expect(String(thrown)).toMatch(/the proxy 127\.0\.0\.1:\d+ does not lead to localhost:443: HTTP 407/)
  expect(String(thrown)).not.toContain('secret')
})

it('says that a proxy is not there', async () => {
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:9')
  await expect(got('localhost', connections())).rejects.toThrow(
    /the proxy 127\.0\.0\.1:9 cannot be reached: .*ECONNREFUSED/,
  )
})
