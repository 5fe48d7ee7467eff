import {
  keepPreviousData,
  MutationCache,
  QueryCache,
  QueryClient,
  type UseQueryResult,
  useQuery,
} from '@tanstack/react-query'
import { notReached, reach } from './reach.ts'
import type { Operations } from './schema.ts'

/**
 * The client of the server's API. An operation is a path below `/api/`: reads are GET with the input in the
 * query string, changes are POST with JSON. Leaving a page aborts its requests, which cancels their queries
 * in the lake.
 */

/** An error of the server in the form of RFC 9457, with the id under which the server logged it. */
export class Problem extends Error {
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly remedy: string | undefined
  readonly requestId: string | undefined
  /** Where one signs in, or out, if this server does that itself. */
  readonly signIn: string | undefined
  readonly signOut: string | undefined

  constructor(status: number, body: Record<string, unknown>, requestId: string | null) {
    const title = typeof body.title === 'string' ? body.title : `The server answered ${status}`
    super(title)
    this.name = 'Problem'
    this.status = status
    this.title = title
    this.detail = typeof body.detail === 'string' ? body.detail : ''
    this.signIn = typeof body.sign_in === 'string' ? body.sign_in : undefined
    this.signOut = typeof body.sign_out === 'string' ? body.sign_out : undefined
    this.remedy = typeof body.remedy === 'string' ? body.remedy : undefined
    this.requestId = requestId ?? (typeof body.instance === 'string' ? body.instance : undefined)
  }
}

/** An error as one line of text. */
export function failureText(error: Error): string {
  return error instanceof Problem ? `${error.title}: ${error.detail}` : error.message
}

export type Name = keyof Operations
export type Input<Of extends Name> = Operations[Of]['input']
export type Output<Of extends Name> = Operations[Of]['output']

export async function get<Of extends Name>(
  operation: Of,
  input: Input<Of>,
  signal?: AbortSignal,
): Promise<Output<Of>> {
  return answer(
    await reach(address(operation, input), {
      signal: signal ?? null,
      headers: { accept: 'application/json' },
    }),
  )
}

export async function post<Of extends Name>(
  operation: Of,
  input: Input<Of>,
  signal?: AbortSignal,
): Promise<Output<Of>> {
  return answer(
    await reach(`/api/${operation}`, {
      method: 'POST',
      signal: signal ?? null,
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(input),
    }),
  )
}

/**
 * Yields the lines of an NDJSON answer as they arrive; throws a `Problem` if the server refuses the request.
 */
export async function* lines<Of extends Name>(
  operation: Of,
  input: Input<Of>,
  signal?: AbortSignal,
): AsyncGenerator<Output<Of>> {
  const response = await reach(`/api/${operation}`, {
    method: 'POST',
    signal: signal ?? null,
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify(input),
  })
  if (!response.ok || !response.body) throw await problemOf(response)
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  for (;;) {
    const { done, value } = await reader.read().catch((thrown: unknown) => {
      throw notReached(thrown)
    })
    text += value ?? ''
    const parts = text.split('\n')
    text = parts.pop() ?? ''
    for (const part of parts) if (part !== '') yield JSON.parse(part) as Output<Of>
    if (done) return
  }
}

/** What an answer of an error says. */
export async function problemOf(response: Response): Promise<Problem> {
  const body = await response.json().catch(() => ({}))
  return new Problem(response.status, body as Record<string, unknown>, response.headers.get('x-request-id'))
}

/** The URL of an operation with its input as the query string. */
export function address(operation: Name, input: object): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined || value === null || value === '') continue
    for (const one of Array.isArray(value) ? value : [value]) search.append(name, String(one))
  }
  const text = search.toString()
  return `/api/${operation}${text ? `?${text}` : ''}`
}

async function answer<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) throw await problemOf(response)
  return (await response.json().catch((thrown: unknown) => {
    // The connection broke in the middle of the answer.
    throw thrown instanceof TypeError ? notReached(thrown) : thrown
  })) as Answer
}

/** Called once an answer says that nobody is signed in any more. */
const onSignedOut = (error: unknown) => {
  if (error instanceof Problem && error.status === 401)
    document.dispatchEvent(new CustomEvent('loglake:signed-out'))
}

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: onSignedOut }),
  mutationCache: new MutationCache({ onError: onSignedOut }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => !(error instanceof Problem && error.status < 500) && count < 2,
    },
  },
})

/** Calls an operation; the previous answer stays until the next one arrives. */
export function useAsk<Of extends Name>(
  operation: Of,
  input: Input<Of>,
  enabled = true,
): UseQueryResult<Output<Of>> {
  return useQuery({
    queryKey: [operation, input],
    queryFn: ({ signal }) => get(operation, input, signal),
    placeholderData: keepPreviousData,
    enabled,
  }) as UseQueryResult<Output<Of>>
}
