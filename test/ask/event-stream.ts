import { crc32 } from 'node:zlib'

/**
 * A message of `application/vnd.amazon.eventstream`: total length, length of headers, CRC of both, headers, payload, CRC of all.
 * https://docs.aws.amazon.com/transcribe/latest/dg/event-stream.html
 */
export function eventMessage(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const head = Buffer.concat(
    Object.entries(headers).map(([name, value]) => {
      const text = Buffer.from(value)
      const one = Buffer.alloc(1 + name.length + 3 + text.length)
      let at = one.writeUInt8(name.length, 0)
      at += one.write(name, at)
      // 7 is a text.
      at = one.writeUInt8(7, at)
      at = one.writeUInt16BE(text.length, at)
      text.copy(one, at)
      return one
    }),
  )
  const body = Buffer.from(payload)
  const message = Buffer.alloc(12 + head.length + body.length + 4)
  message.writeUInt32BE(message.length, 0)
  message.writeUInt32BE(head.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  head.copy(message, 12)
  body.copy(message, 12 + head.length)
  message.writeUInt32BE(crc32(message.subarray(0, message.length - 4)), message.length - 4)
  return message
}

export function streamEvent(type: string, payload: object): Buffer {
  return eventMessage(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify(payload),
  )
}

export function streamException(type: string, message: string): Buffer {
  return eventMessage(
    { ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' },
    JSON.stringify({ message }),
  )
}
