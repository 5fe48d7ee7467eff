import { useNavigate, useSearch } from '@tanstack/react-router'
import { useCallback, useMemo } from 'react'
import { type Output, useAsk } from './api/client.ts'
import { dayTime } from './time/format.ts'
import { parseRange, type Range } from './time/range.ts'

/**
 * The state of a page is its address: `?t=-24h&q=eventname:StopLogging&q=-actor:ci`. A repeated name is a
 * list. Values are not encoded as JSON, so that people can read and edit a link.
 */
export type Search = Record<string, string | string[] | undefined>

export function readSearch(text: string): Search {
  const found: Search = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const before = found[name]
    found[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value]
  }
  return found
}

export function writeSearch(search: Record<string, unknown>): string {
  const made = new URLSearchParams()
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) made.append(name, String(one))
  }
  // A query string may hold these characters unescaped, which keeps links readable.
  const text = made
    .toString()
    .replace(/%3A/gi, ':')
    .replace(/%2C/gi, ',')
    .replace(/%7E/gi, '~')
    .replace(/%2F/gi, '/')
    .replace(/%40/gi, '@')
  return text ? `?${text}` : ''
}

/** Reads and changes the address. The browser's Back button undoes a change. */
export function useAddress(): {
  one: (name: string) => string | undefined
  list: (name: string) => string[]
  change: (change: Search, options?: { replace?: boolean }) => void
} {
  const search = useSearch({ strict: false }) as Search
  const navigate = useNavigate()
  return useMemo(
    () => ({
      one: (name) => [search[name]].flat()[0],
      list: (name) => [search[name] ?? []].flat(),
      change: (change, options) =>
        void navigate({
          to: '.',
          search: (before: Search) => ({ ...before, ...change }),
          replace: options?.replace ?? false,
        } as never),
    }),
    [search, navigate],
  )
}

/**
 * The page's span of time. Without one in the address it is the last seven days, or everything if the newest
 * event is older, so that a lake of old logs does not look empty.
 */
export function useRange(byDefault?: string): {
  range: Range
  from: string
  to: string
  setRange: (text: string) => void
  known: boolean
  /** Of what the lake has anything; undefined while that is not known. */
  has: Output<'extent'>['has'] | undefined
  /** Says so if the whole span is later than the newest event: then it is no wonder that it is empty. */
  late: string
} {
  const { one, change } = useAddress()
  const extent = useAsk('extent', {})
  const text = one('t')
  const first = extent.data?.first
  const last = extent.data?.last
  const setRange = useCallback((next: string) => change({ t: next }), [change])
  return useMemo(() => {
    // Rounded to minutes, so that requests made close together share a cache entry.
    const now = Math.ceil(Date.now() / 60_000) * 60_000
    const old = last ? now - Date.parse(last) > 7 * 86_400_000 : false
    const range = parseRange(text ?? byDefault ?? (old ? 'all' : '-7d'), now) ?? { text: 'all' }
    const from =
      range.from ?? (first ? Math.floor(Date.parse(first) / 3_600_000) * 3_600_000 : now - 7 * 86_400_000)
    const end = last ? Math.ceil((Date.parse(last) + 1) / 3_600_000) * 3_600_000 : now
    const to = range.to ?? (range.text === 'all' ? Math.max(end, from + 3_600_000) : now)
    return {
      range,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      setRange,
      late:
        last && Date.parse(last) < from
          ? ` The newest event in the lake is of ${dayTime(Date.parse(last))}.`
          : '',
      has: extent.data?.has,
      known: extent.data !== undefined || extent.error !== null,
    }
  }, [text, byDefault, first, last, setRange, extent.data, extent.error])
}
