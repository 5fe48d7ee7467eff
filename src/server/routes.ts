import { Readable } from 'node:stream'
import type { Hono, Context as Http } from 'hono'
import { z } from 'zod'
import { type Called, type Caller, call } from '../api/call.ts'
import type { Services } from '../api/context.ts'
import type { Events, Operation } from '../api/contract.ts'
import { Problem } from '../api/problem.ts'
import type { Reader } from '../query/reader.ts'
import { eventStream } from './events.ts'

/** Values that the steps of handling a request share. */
export interface Carried {
  Variables: { reader: Reader; requestId: string; address: string | null }
}

/** What streams of events need besides their operation. */
interface Streams {
  isSignedIn(http: Http<Carried>): Promise<boolean>
  heartbeatMs: number | undefined
}

/**
 * Every operation as a path: a read is a GET with its input in the query string, a write is a POST of JSON.
 */
export function mountOperations(
  app: Hono<Carried>,
  services: Services,
  operations: readonly Operation[],
  streams: Streams,
): void {
  for (const one of operations) {
    const path = `/api/${one.name}`
    const lists = listsOf(one.input)
    if (one.kind === 'read')
      app.get(path, (http) => answer(http, one, fromQuery(new URL(http.req.url).searchParams, lists)))
    else app.post(path, async (http) => answer(http, one, await bodyOf(http)))
  }

  async function answer(http: Http<Carried>, one: Operation, given: unknown): Promise<Response> {
    const caller: Caller = {
      kind: 'served',
      reader: http.get('reader'),
      address: http.get('address'),
      requestId: http.get('requestId'),
      signal: http.req.raw.signal,
    }
    const begun = performance.now()
    const called = await call(services, operations, one, given, caller)
    if (called.kind === 'events') {
      http.header('content-type', 'text/event-stream')
      http.header('cache-control', 'no-store')
      // nginx would gather events until a buffer is full.
      http.header('x-accel-buffering', 'no')
      return http.body(eventStream(called, () => streams.isSignedIn(http), streams.heartbeatMs))
    }
    return respond(http, called, performance.now() - begun)
  }
}

function respond(http: Http<Carried>, called: Exclude<Called, Events>, tookMs: number): Response {
  if (called.kind === 'download') {
    http.header('content-type', called.contentType)
    http.header('content-disposition', `attachment; filename="${called.fileName}"`)
    http.header('cache-control', 'no-store')
    return http.body(Readable.toWeb(Readable.from(bytesOf(called.pieces))) as ReadableStream)
  }
  const { body, tag, cached } = called
  http.header('server-timing', `total;dur=${tookMs.toFixed(1)}${cached ? ', cache;desc=hit' : ''}`)
  http.header('vary', 'cookie, authorization, accept-encoding')
  if (tag === undefined) http.header('cache-control', 'no-store')
  else {
    // The browser stores the answer for this person only, and revalidates it each time.
    http.header('cache-control', 'private, no-cache')
    http.header('etag', tag)
    if (http.req.header('if-none-match') === tag) return http.body(null, 304)
  }
  http.header('content-type', 'application/json; charset=utf-8')
  return http.body(body)
}

/** Names of fields that accept several values. */
function listsOf(input: z.ZodObject): ReadonlySet<string> {
  return new Set(Object.entries(input.shape).flatMap(([name, shape]) => (isList(shape) ? [name] : [])))
}

function isList(shape: unknown): boolean {
  if (shape instanceof z.ZodArray) return true
  if (shape instanceof z.ZodDefault || shape instanceof z.ZodOptional) return isList(shape.def.innerType)
  return false
}

function fromQuery(parameters: URLSearchParams, lists: ReadonlySet<string>): Record<string, unknown> {
  const given: Record<string, unknown> = {}
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name)
    if (!lists.has(name) && values.length > 1)
      throw new Problem(422, 'Wrong input', `${name} is given ${values.length} times: one value is wanted`)
    given[name] = lists.has(name) ? values : values[0]
  }
  return given
}

async function bodyOf(http: Http<Carried>): Promise<unknown> {
  const type = http.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json') throw new Problem(415, 'Not JSON', 'The body must be application/json.')
  const text = await http.req.text()
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new Problem(400, 'Not JSON', 'The body cannot be read as JSON.', { cause })
  }
}

/** A web stream takes only bytes. */
async function* bytesOf(pieces: AsyncIterable<Uint8Array | string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield typeof piece === 'string' ? Buffer.from(piece) : piece
}
