/**
 * Syslog: RFC 5424 messages over TLS (RFC 5425) or plain TCP, by octet counting (RFC 6587). Syslog
 * acknowledges nothing: data in the system's buffers is lost when the receiver dies, and only a broken
 * connection shows it; so the batch in flight is sent again.
 */
import { once } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import type { z } from 'zod'
import { oneOf, section, size, text, whole } from '../../lib/settings.ts'
import { type Delivery, type Receiver, TAKEN } from '../contract.ts'
import { guardedLookup, isForbidden, timeoutSetting, tlsSection } from '../http.ts'
import { messageOf } from './message.ts'

export const name = 'syslog'
export const doc = 'A syslog receiver: RFC 5424 over TLS, or plain TCP.'

export const settings = section(
  {
    host: text('The receiver.').refine((host) => !isForbidden(host), 'a link-local address is no receiver'),
    port: whole(1, 'Its port.').default(6514),
    transport: oneOf(['tls', 'tcp'], 'How it is reached.').default('tls'),
    facility: whole(0, 'The facility: 13 is log audit, 16 to 23 are local.').default(13),
    app: text('The APP-NAME.').default('loglake'),
    most_bytes: size(
      'Most bytes of a message: RFC 5425 wants receivers to take 8 KiB; longer ones are cut.',
    ).prefault('64KiB'),
    timeout_seconds: timeoutSetting(),
    tls: tlsSection(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `host: syslog.example.com
port: 6514`

export function open(options: Settings): Receiver {
  let socket: Socket | undefined
  async function opened(): Promise<Socket> {
    if (socket && !socket.destroyed && socket.writable) return socket
    socket = await dial(options)
    return socket
  }
  return {
    max: { deliveries: 500, bytes: 1 << 20 },
    async send(batch, signal) {
      const to = await opened()
      const frames = Buffer.concat(batch.map((one) => frame(one, options)))
      try {
        await written(to, frames, { ms: options.timeout_seconds * 1000, signal })
      } catch (thrown) {
        to.destroy()
        socket = undefined
        throw thrown
      }
      return TAKEN
    },
    async close() {
      if (!socket || socket.destroyed) return
      const gone = once(socket, 'close')
      socket.end()
      await Promise.race([gone, new Promise((done) => setTimeout(done, 1_000).unref())])
      socket.destroy()
    },
  }
}

async function dial({ host, port, transport, tls, timeout_seconds }: Settings): Promise<Socket> {
  const lookup = guardedLookup as never
  const { server_name, ...pem } = tls ?? {}
  const servername = server_name ?? (isIP(host) === 0 ? host : '')
  const socket =
    transport === 'tcp'
      ? connect({ host, port, lookup })
      : connectTls({ host, port, lookup, servername, ...pem })
  const ready = transport === 'tcp' ? 'connect' : 'secureConnect'
  const late = setTimeout(() => socket.destroy(new Error('no connection in time')), timeout_seconds * 1000)
  try {
    await once(socket, ready)
  } finally {
    clearTimeout(late)
  }
  // The next write fails if the connection has broken meanwhile.
  socket.on('error', () => undefined)
  socket.setKeepAlive(true, 10_000)
  // Receivers send nothing; anything they send is discarded, so that it cannot block the connection.
  socket.resume()
  return socket
}

async function written(
  socket: Socket,
  bytes: Uint8Array,
  { ms, signal }: { ms: number; signal: AbortSignal },
): Promise<void> {
  await new Promise<void>((done, failed) => {
    const fail = (error: Error) => finish(() => failed(error))
    const late = setTimeout(() => fail(new Error('the receiver takes nothing')), ms)
    const closed = () => fail(new Error('the connection broke'))
    const aborted = () => fail(new Error('it was stopped'))
    function finish(then: () => void): void {
      clearTimeout(late)
      socket.off('close', closed)
      signal.removeEventListener('abort', aborted)
      then()
    }
    socket.once('close', closed)
    signal.addEventListener('abort', aborted)
    socket.write(bytes, (error) => (error ? fail(error) : finish(done)))
  })
}

const SEVERITY = { critical: 2, error: 3, warning: 4, info: 6 }

/**
 * `<110>1 2026-01-07T22:16:43.123Z host loglake - cloudtrail [loglake@32473 id="…"] {…}` with its length
 * before it.
 */
export function frame(
  delivery: Delivery,
  { facility, app, most_bytes }: Pick<Settings, 'facility' | 'app' | 'most_bytes'>,
): Buffer {
  const { table, time, id, host = hostname(), text: written } = delivery
  const priority = facility * 8 + SEVERITY[messageOf(delivery).severity]
  const at = new Date(time * 1000).toISOString()
  // 32473 is the number of private enterprises for examples (RFC 5612).
  const data = `[loglake@32473 table="${parameter(table)}" id="${parameter(id)}"]`
  const head = `<${priority}>1 ${at} ${word(host, 255)} ${word(app, 48)} - ${word(table, 32)} ${data} `
  const message = cut(Buffer.from(`${head}${written.replace(/[\r\n]+/g, ' ')}`), most_bytes)
  return Buffer.concat([Buffer.from(`${message.length} `), message])
}

/** Printable ASCII without spaces; `-` for an empty value. */
function word(value: string, max: number): string {
  const kept = value.replace(/[^\x21-\x7e]/g, '').slice(0, max)
  return kept === '' ? '-' : kept
}

function parameter(value: string): string {
  return value.replace(/["\\\]]/g, '\\$&').replace(/[\r\n]/g, ' ')
}

/** Never cuts within a character. */
function cut(bytes: Buffer, max: number): Buffer {
  if (bytes.length <= max) return bytes
  let end = max
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}
