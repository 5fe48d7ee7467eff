import { OPEN_OBJECT, skipSpace } from '../json/bytes.ts'
import { plainTime } from '../json/time.ts'
import type { Envelope, Text, Transcript } from './contract.ts'

/** The head that script(1) writes on Linux, or PowerShell's transcript. */
const HEAD = /^\s*(?:Script started on ([^[\r\n]*)|\*{22}\r?\n(?:Windows )?PowerShell transcript start)/
const POWERSHELL_TIME = /\nStart time: (\d{8})(\d{6})\r?\n/

/**
 * The name of the user or role session, a dash, and 17 hexadecimal digits, or in newer ids 26 letters and
 * digits.
 */
const SESSION_ID = /^[\w+=,.@-]+-(?:[0-9a-f]{17}|[0-9a-z]{26})$/i

/**
 * Streams of other logs are named like the instance that writes them; an export writes dashes for slashes
 * before it.
 */
const INSTANCE_ID = /(?:^|-)m?i-[0-9a-f]{17}$/

export function isSessionId(name: string): boolean {
  return name.length <= 128 && SESSION_ID.test(name) && !INSTANCE_ID.test(name)
}

/**
 * 4 MiB after which a transcript is cut at the next line end: reading a record takes a few times its size in
 * memory.
 */
const PIECE_BYTES = 4 << 20

/** The object that Session Manager uploads to S3 when a session ends: everything that the terminal showed. */
export const transcript: Envelope = {
  name: 'transcript',
  doc: "A Session Manager session's terminal output as plain text, `<session id>.log`.",
  byName: true,
  open(bytes, context) {
    const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1')
    // Streamed events are JSON, whatever their object's name is.
    if (bytes[skipSpace(bytes, 0)] === OPEN_OBJECT && head.includes('"sessionData"')) return undefined
    const [name = ''] = /[^/]*$/.exec(context.uri) ?? []
    const id = name.replace(/\.gz$/, '').replace(/\.[a-z]{1,5}$/i, '')
    const isNamed = /\.(?:log|dms)(?:\.gz)?$/i.test(name) && isSessionId(id)
    if (!HEAD.test(head) && !isNamed) return undefined
    const time = timeOf(head)
    const about = {
      ...(isSessionId(id) ? { sessionId: id } : {}),
      ...(time === undefined ? {} : { time }),
    }
    const texts: Text[] = []
    for (let offset = 0; offset < bytes.length; ) {
      const end = pieceEnd(bytes, offset)
      const transcript: Transcript = { ...about, piece: texts.length + 1 }
      const piece = bytes.subarray(offset, end)
      texts.push({ bytes: piece, record: undefined, context: { ...context, transcript }, offset })
      offset = end
    }
    return { kind: 'texts', texts }
  },
}

function pieceEnd(bytes: Uint8Array, start: number): number {
  const least = start + PIECE_BYTES
  if (least >= bytes.length) return bytes.length
  const feed = bytes.indexOf(0x0a, least)
  if (feed >= 0 && feed < least + PIECE_BYTES) return feed + 1
  // A line longer than that is cut, but not inside a character.
  let end = least
  while (end < least + 3 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end++
  return end
}

/**
 * The time at which the transcript was made. Older versions of script(1) write a date in words, often without
 * a known zone.
 */
function timeOf(head: string): string | undefined {
  const started = HEAD.exec(head)?.[1]
  // Without a zone it is the instance's local time, not UTC.
  if (started !== undefined)
    return (ZONED.test(started) ? plainTime(started) : undefined) ?? timeInWords(started)
  // PowerShell writes no zone; Windows on EC2 runs in UTC by default.
  const [, day, clock] = POWERSHELL_TIME.exec(head) ?? []
  return day === undefined ? undefined : plainTime(`${day}T${clock}Z`)
}

const ZONED = /(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)\s*$/i

/** `Wed 07 Jan 2026 09:56:40 PM UTC`; undefined in a zone other than UTC. */
function timeInWords(text: string): string | undefined {
  if (!/(?:UTC|GMT)\s*$/.test(text)) return undefined
  const millis = Date.parse(text)
  return Number.isNaN(millis) ? undefined : plainTime(new Date(millis).toISOString())
}
