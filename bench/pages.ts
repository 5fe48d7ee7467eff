/** The requests of the web application's pages. */
import type { Got, Parameters, Server } from './served.ts'

export interface Span {
  from: string
  to: string
}

type Asked = [operation: string, input: Parameters]

/** All of time, for the page of reviews. */
const ALWAYS = { from: '1970-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' }

export const PAGES = {
  overview: (span: Span): Asked[] => [['overview', { ...span }]],
  activity: (span: Span, where: string[] = []): Asked[] => [
    ['activity-chart', { ...span, where, steps: 120 }],
    ['activity', { ...span, where, limit: 200 }],
    ['activity-facets', { ...span, where, values: 8 }],
  ],
  usage: (span: Span, where: string[] = []): Asked[] => [
    ['usage', { ...span, by: ['model'], step: 'day', where }],
  ],
  conversations: (span: Span): Asked[] => [['conversations', { ...span, only: 'all', limit: 100 }]],
  findings: (span: Span): Asked[] => [
    ['findings', { ...span, limit: 200 }],
    ['suppressions', { limit: 200 }],
  ],
  reviews: (state = 'open'): Asked[] => [
    ['sessions', { ...ALWAYS, state, order: 'due', limit: 100 }],
    ['sessions', { ...ALWAYS, state: 'mine', limit: 1 }],
  ],
  session: (id: string): Asked[] => [
    ['session', { id }],
    ['session-calls', { id }],
    ['session-output', { id, raw: 'true' }],
  ],
}

/** Sends all requests of a page at once; the page's time is that of the last answer. */
export async function openPage(server: Server, asked: readonly Asked[], as?: string): Promise<Got[]> {
  return await Promise.all(asked.map(([operation, input]) => server.ask(operation, input, as)))
}

/** Values for filters: the lake's span of time, values of its facets and of its usage, sessions. */
export interface Ground {
  whole: Span
  days: Span[]
  activity: string[]
  usage: string[]
  sessions: string[]
}

const DAY_MS = 86_400_000

export async function groundOf(server: Server): Promise<Ground> {
  const answer = async <Of>(operation: string, input: Parameters = {}) => {
    const { status, body } = await server.ask(operation, input)
    if (status !== 200) throw new Error(`${operation} answered ${status}: ${body}`)
    return JSON.parse(body) as Of
  }
  const { first, last } = await answer<{ first: string; last: string }>('extent')
  const hour = (text: string, more: number) => (Math.floor(Date.parse(text) / 3_600_000) + more) * 3_600_000
  const [from, to] = [hour(first, 0), hour(last, 1)]
  const span = (since: number, until: number) => ({
    from: new Date(since).toISOString(),
    to: new Date(until).toISOString(),
  })
  const whole = span(from, to)
  const days: Span[] = []
  for (let at = from; at + DAY_MS <= to; at += DAY_MS) days.push(span(at, at + DAY_MS))
  const { facets } = await answer<{
    facets: { field: string; values: { value: string | null }[] }[]
  }>('activity-facets', { ...whole, values: 8 })
  const usage = async (by: string) => {
    const { groups } = await answer<{ groups: { keys: (string | null)[] }[] }>('usage', { ...whole, by })
    return groups.flatMap(({ keys: [key] }) => (key ? [`${by}:${key}`] : []))
  }
  const { rows } = await answer<{ rows: { id: string }[] }>('sessions', {
    ...ALWAYS,
    kind: 'session',
    limit: 50,
  })
  return {
    whole,
    days,
    activity: facets.flatMap(({ field, values }) =>
      values.flatMap(({ value }) => (value ? [`${field}:${value}`] : [])),
    ),
    usage: (await Promise.all(['model', 'who', 'account', 'region'].map(usage))).flat().slice(0, 40),
    sessions: rows.map(({ id }) => id),
  }
}
