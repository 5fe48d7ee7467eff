/**
 * The HTTP client of all destinations: own CA and client certificates, `HTTPS_PROXY` and `NO_PROXY`,
 * timeouts, gzip. It follows no redirect, and never connects to a link-local address, where clouds serve
 * credentials. Addresses come from the configuration only; no log text is part of one.
 */
import { lookup as dnsLookup } from 'node:dns'
import { BlockList, isIP } from 'node:net'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { z } from 'zod'
import { proxyAuthorization, proxyFor } from '../lib/proxy.ts'
import { section, text, whole } from '../lib/settings.ts'

export function tlsSection() {
  return section(
    {
      ca: text(
        'Certificates of the authorities that may have signed the receiver\'s, as PEM: "$' +
          '{file:ca.pem}"; by default those of the system.',
      ).optional(),
      cert: text('A client certificate, as PEM.').optional(),
      key: text('Its key, as PEM.').optional(),
      server_name: text('The name in the certificate, where it is another than in the address.').optional(),
    },
    'How the connection is made safe.',
  )
    .refine(({ cert, key }) => (cert === undefined) === (key === undefined), 'cert and key belong together')
    .optional()
}

export type TlsSettings = z.output<ReturnType<typeof tlsSection>>

/** An address of `http` or `https`, without a password, and not of a link-local host. */
export function url(doc: string) {
  const wanted = 'an address is wanted, as in https://receiver.example.com:8088'
  return z
    .string(wanted)
    .refine((value) => isAddress(value), wanted)
    .refine(
      (value) => !isAddress(value) || !isForbidden(hostOf(new URL(value))),
      'a link-local address is no receiver',
    )
    .describe(doc)
}

function isAddress(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password } = new URL(value)
  return ['http:', 'https:'].includes(protocol) && username === '' && password === ''
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '')
}

export function timeoutSetting() {
  return whole(1, 'Seconds that an answer may take.').default(30)
}

export interface HttpSettings {
  url: string
  tls?: TlsSettings
  timeout_seconds: number
}

export interface HttpAnswer {
  status: number
  /** The beginning of the body: receivers' answers may be long. */
  text: string
  afterMs: number | undefined
}

export interface Http {
  post(
    path: string,
    body: string | Uint8Array,
    headers: Record<string, string>,
    signal: AbortSignal,
  ): Promise<HttpAnswer>
  close(): Promise<void>
}

const CONNECT_MS = 10_000
const MAX_ANSWER = 32 << 20

export function openHttp({ url: base, tls, timeout_seconds }: HttpSettings): Http {
  let dispatcher: Dispatcher | undefined
  const ms = timeout_seconds * 1000
  return {
    async post(path, body, headers, signal) {
      // Loaded on the first send: most commands send nothing.
      const { request } = await import('undici')
      dispatcher ??= await dispatcherOf(base, tls)
      const {
        statusCode,
        headers: told,
        body: answer,
      } = await request(`${base.replace(/\/+$/, '')}${path}`, {
        method: 'POST',
        body,
        headers: { 'user-agent': 'loglake', ...headers },
        dispatcher,
        headersTimeout: ms,
        bodyTimeout: ms,
        signal: AbortSignal.any([signal, AbortSignal.timeout(ms)]),
      })
      const chunks: Buffer[] = []
      let length = 0
      for await (const chunk of answer) {
        length += chunk.length
        if (length > MAX_ANSWER) throw new Error('the answer is longer than any that this protocol has')
        chunks.push(chunk)
      }
      return {
        status: statusCode,
        text: Buffer.concat(chunks).toString('utf8'),
        afterMs: retryAfter(told['retry-after']),
      }
    },
    async close() {
      await dispatcher?.destroy()
    },
  }
}

async function dispatcherOf(base: string, tls: TlsSettings): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici')
  const { server_name: servername, ...pem } = tls ?? {}
  const secure = { ...pem, ...(servername === undefined ? {} : { servername }) }
  const proxy = proxyFor(new URL(base))
  // One connection per address: several would change the order of events.
  const options = { pipelining: 1 }
  if (!proxy) {
    const connect = { ...secure, timeout: CONNECT_MS, lookup: guardedLookup }
    return new Agent({ ...options, connect } as never)
  }
  return new ProxyAgent({
    ...options,
    uri: `${proxy.protocol}//${proxy.host}`,
    headers: proxyAuthorization(proxy),
    requestTls: { ...secure, timeout: CONNECT_MS },
  } as never)
}

/** Parses `120`, or a date: RFC 9110, 10.2.3. In milliseconds from now. */
function retryAfter(header: string | string[] | undefined, nowMs = Date.now()): number | undefined {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined) return undefined
  if (/^\s*\d+\s*$/.test(text)) return Number(text) * 1000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}

const FORBIDDEN = new BlockList()
FORBIDDEN.addSubnet('169.254.0.0', 16)
FORBIDDEN.addSubnet('fe80::', 10, 'ipv6')
FORBIDDEN.addAddress('fd00:ec2::254', 'ipv6')
FORBIDDEN.addAddress('fd00:ec2::23', 'ipv6')
FORBIDDEN.addAddress('100.100.100.200')
FORBIDDEN.addAddress('192.0.0.192')
FORBIDDEN.addAddress('168.63.129.16')
// The same behind a NAT64 gateway.
FORBIDDEN.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6')

/** Whether a host is a link-local address, where a cloud serves its machines' metadata. */
export function isForbidden(host: string): boolean {
  const kind = isIP(host)
  if (kind === 0) return /^metadata\.google\.internal\.?$/i.test(host)
  return FORBIDDEN.check(host, kind === 6 ? 'ipv6' : 'ipv4')
}

type Lookup = (
  host: string,
  options: object,
  done: (error: Error | null, address?: unknown, family?: number) => void,
) => void

/**
 * Checks the address that a name resolves to when the connection is made: it may have changed since the
 * configuration was read.
 */
export const guardedLookup: Lookup = (host, options, done) => {
  dnsLookup(host, { ...options, all: true }, (error, found) => {
    if (error) return done(error)
    const bad = found.find(({ address }) => isForbidden(address))
    if (bad) return done(new Error(`${host} resolves to ${bad.address}, which is not allowed as a receiver`))
    const [first] = found
    if ((options as { all?: boolean }).all) return done(null, found)
    done(null, first?.address, first?.family)
  })
}

/**
 * @throws Error when a name resolves to an address that is not allowed; for clients that resolve it
 * themselves
 */
export async function checkHost(host: string): Promise<void> {
  await new Promise<void>((done, failed) =>
    guardedLookup(host, {}, (error) => (error ? failed(error) : done())),
  )
}

const zip = promisify(gzip)

/** Level 1: on JSON of logs it takes a third of the default level's time, for a fifth more bytes. */
export async function zipped(body: string | Uint8Array): Promise<Uint8Array> {
  return await zip(body, { level: 1 })
}

/** Whether a status allows the same request later. */
export function isBusy(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

/** Whether a batch is refused because of its content, and not because of its sender or its target. */
export function isAboutBatch(status: number): boolean {
  return [400, 413, 422].includes(status)
}

/** An error with the receiver's answer. */
export function answered({ status, text: said }: HttpAnswer): Error {
  const beginning = said.replace(/\s+/g, ' ').trim().slice(0, 300)
  return new Error(`HTTP ${status}${beginning === '' ? '' : `: ${beginning}`}`)
}
