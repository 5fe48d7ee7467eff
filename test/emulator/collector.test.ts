import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/deliver/contract.ts'
import { destinations } from '../../src/deliver/destinations/index.ts'
import { deliver, settle } from '../../src/deliver/patience.ts'
import { makeCertificates } from '../receivers/certificates.ts'
import { freePort, listening } from './listening.ts'

/** An OpenTelemetry collector, built from its modules by collector/build.sh: what it prints is what it has understood. */
const PROGRAM = new URL('./collector/otelcol-test', import.meta.url).pathname

describe.skipIf(!existsSync(PROGRAM))('an OpenTelemetry collector takes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-collector-'))
  const certificates = makeCertificates()
  const signal = new AbortController().signal
  let collector: ChildProcess
  let printed = ''
  let ports: number[] = []

  beforeAll(async () => {
    ports = await Promise.all([freePort(), freePort(), freePort()])
    const [hec, otlp, syslog] = ports
    writeFileSync(join(folder, 'cert.pem'), certificates.server.cert)
    writeFileSync(join(folder, 'key.pem'), certificates.server.key)
    writeFileSync(
      join(folder, 'config.yaml'),
      `extensions: {ack: {}}
receivers:
  splunk_hec: {endpoint: "127.0.0.1:${hec}", ack: {extension: ack}}
  otlp: {protocols: {http: {endpoint: "127.0.0.1:${otlp}"}}}
  syslog:
    protocol: rfc5424
    enable_octet_counting: true
    tcp: {listen_address: "127.0.0.1:${syslog}", tls: {cert_file: "${folder}/cert.pem", key_file: "${folder}/key.pem"}}
exporters: {debug: {verbosity: detailed}}
service:
  extensions: [ack]
  telemetry: {metrics: {level: none}}
  pipelines:
    logs: {receivers: [splunk_hec, otlp, syslog], exporters: [debug]}
`,
    )
    collector = spawn(PROGRAM, ['--config', `file:${join(folder, 'config.yaml')}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [collector.stdout, collector.stderr])
      stream?.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
      })
    for (const port of ports) await listening(port)
  })
  afterAll(async () => {
    const gone = once(collector, 'exit')
    collector.kill('SIGTERM')
    await gone
    rmSync(folder, { recursive: true })
  })

  async function send(name: string, settings: object, count: number): Promise<string> {
    const from = printed.length
    const found = destinations.find((one) => one.name === name)
    if (!found) throw new Error(name)
    const receiver = found.open(found.settings.parse(settings), { route: 'siem' })
    const patience = { signal, maxMs: 10_000 }
    expect(await deliver(receiver, deliveries(count), patience)).toEqual([])
    expect(await settle(receiver, patience)).toEqual([])
    await receiver.close?.()
    for (let n = 0; n < 100 && (printed.slice(from).match(/^Body: /gm) ?? []).length < count; n++)
      await wait(100)
    const said = printed.slice(from)
    expect(said.match(/^Body: /gm)).toHaveLength(count)
    return said
  }

  it("events of Splunk's collector, and acknowledges them", async () => {
    const settings = {
      url: `http://127.0.0.1:${ports[0]}`,
      token: 'any',
      acknowledge: true,
      index: 'aws',
      sourcetype: 'aws:cloudtrail',
    }
    const said = await send('splunk-hec', settings, 120)
    expect(said).toContain('com.splunk.index: Str(aws)')
    expect(said).toContain('com.splunk.sourcetype: Str(aws:cloudtrail)')
    expect(said).toContain('loglake_id: Str(cloudtrail/119)')
    expect(said).toMatch(/Timestamp: 2026-01-07 22:36:43\.12/)
    // The collector prints the keys of a map in any order.
    for (let n = 0; n < 120; n++) expect(said).toMatch(new RegExp(`"n":${n}[,}]`))
  })

  it('OTLP logs', async () => {
    const said = await send('otlp', { url: `http://127.0.0.1:${ports[1]}` }, 60)
    expect(said).toContain('service.name: Str(loglake)')
    expect(said).toContain('Timestamp: 2026-01-07 22:36:43.123 +0000 UTC')
    for (let n = 0; n < 60; n++) expect(said).toContain(`loglake.id: Str(cloudtrail/${n})`)
  })

  it('syslog over TLS, and a log cannot forge a field of it', async () => {
    const settings = { host: '127.0.0.1', port: ports[2], tls: { ca: certificates.ca } }
    const said = await send('syslog', settings, 60)
    expect(said).toContain('appname: Str(loglake)')
    expect(said).toContain('facility: Int(13)')
    for (let n = 0; n < 60; n++) expect(said).toContain(`{"id":"cloudtrail/${n}","table":"cloudtrail"}`)
  })
})

function deliveries(count: number): Delivery[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `cloudtrail/${n}`,
    table: 'cloudtrail',
    time: 1_767_825_403.123 + n,
    text: JSON.stringify({ n, hostile: '"] [x@1 id="forged"]\n<110>1 - - - - - - forged' }),
  }))
}
