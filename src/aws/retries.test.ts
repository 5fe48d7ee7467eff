import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, vi } from 'vitest'
import { awsClients } from './clients.ts'

const HOUR_MS = 3_600_000

it('what is not there is asked for once, also where the clock is an hour behind', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAEXAMPLE000000000')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret')
  const asked: string[] = []
  const server = createServer(({ url = '', headers }, response) => {
    const now = new Date(Date.now() + HOUR_MS)
    const [day, time] = String(headers['x-amz-date']).split('T')
    const signed = Date.parse(
      `${day?.replace(/(....)(..)/, '$1-$2-')}T${time?.replace(/(..)(..)/, '$1:$2:')}`,
    )
    const code = Math.abs(signed - now.getTime()) < HOUR_MS / 4 ? 'NoSuchKey' : 'RequestTimeTooSkewed'
    asked.push(`${code} ${url.split('?')[0]}`)
    response.writeHead(code === 'NoSuchKey' ? 404 : 403, { date: now.toUTCString() })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`)
  })
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const clients = awsClients({ endpoint, region: 'eu-central-1' }, { attempts: 4 })
  try {
    const s3 = await clients.s3()
    for (const Key of ['one', 'two'])
      await expect(s3.getObject({ Bucket: 'logs', Key })).rejects.toMatchObject({ name: 'NoSuchKey' })
    expect(asked).toEqual(['RequestTimeTooSkewed /logs/one', 'NoSuchKey /logs/one', 'NoSuchKey /logs/two'])
  } finally {
    vi.unstubAllEnvs()
    clients.close()
    server.closeAllConnections()
    server.close()
  }
})
