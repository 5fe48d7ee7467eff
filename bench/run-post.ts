/** A child: posts bodies that are ready, one after the other, and does nothing else. */
import { readFileSync } from 'node:fs'
import { request } from 'undici'
import { report } from './measure.ts'

const [url = '', file = ''] = process.argv.slice(2)
const bodies = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as { url: string; headers: Record<string, string>; body: string })
  .map(({ url: path, headers, body }) => ({
    path,
    headers: Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== '')),
    body: Buffer.from(body, 'base64'),
  }))
const started = performance.now()
const since = process.cpuUsage()
for (const { path, headers, body } of bodies) {
  const { statusCode, body: answer } = await request(`${url}${path}`, { method: 'POST', headers, body })
  await answer.dump()
  if (statusCode !== 200) throw new Error(`HTTP ${statusCode}`)
}
report({ requests: bodies.length }, (performance.now() - started) / 1000, since)
