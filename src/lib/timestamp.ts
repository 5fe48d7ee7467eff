const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

const ISO = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i

/**
 * A time as a person writes it, in microseconds since 1970: `2026-01-07`, `2026-01-07T22:16:43Z`, or `7d` for
 * seven days ago. Without a zone it is UTC. Undefined for any other text.
 */
export function parseTimestamp(text: string, nowMs: number): bigint | undefined {
  const ago = /^(\d{1,6})([smhdw])$/.exec(text.trim())
  if (ago) return BigInt(nowMs - Number(ago[1]) * (SECONDS[ago[2] as string] as number) * 1000) * 1000n
  const match = ISO.exec(text.trim())
  if (!match) return undefined
  const [, day, minute = '00:00', second = '00', fraction = '', zone = 'Z'] = match
  const local = `${day}T${minute}:${second}Z`
  // A day that does not exist, as February 30, would silently become another one.
  const time = Date.parse(local)
  if (Number.isNaN(time) || !new Date(time).toISOString().startsWith(local.slice(0, 19))) return undefined
  const offset = /^([+-])(\d{2}):?(\d{2})$/.exec(zone)
  const minutes = offset ? Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3])) : 0
  return BigInt(time - minutes * 60_000) * 1000n + BigInt(fraction.padEnd(6, '0'))
}

/** Like `parseTimestamp`, but `30d` is 30 days from now. */
export function parseAhead(text: string, nowMs: number): bigint | undefined {
  const found = parseTimestamp(text, nowMs)
  const isSpan = /^\d{1,6}[smhdw]$/.test(text.trim())
  return found === undefined || !isSpan ? found : 2n * BigInt(nowMs) * 1000n - found
}

/** Examples of a time, for errors. */
export const TIMESTAMPS = '2026-01-07, 2026-01-07T22:16:43Z, or 7d for 7 days ago'

/** A time of the settings, which were checked before, in milliseconds since 1970. */
export function timestampMs(text: string): number {
  return Number((parseTimestamp(text, Date.now()) ?? 0n) / 1000n)
}
