import { createHash } from 'node:crypto'
import type { z } from 'zod'
import type { LakeVersion } from '../lake/version.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { TooMuchMemory } from '../query/bounds.ts'
import type { Reader } from '../query/reader.ts'
import { EngineLost } from '../query/renewable.ts'
import { cacheKey } from './cache-key.ts'
import { contextOf, type Services } from './context.ts'
import {
  type Answer,
  type Download,
  type Events,
  type JsonAnswer,
  jsonOf,
  type OpenRows,
  type Operation,
} from './contract.ts'
import { notAllowed, Problem } from './problem.ts'
import type { Seen } from './seen.ts'

/** The caller and where the call comes from; it is served within the limits that protect a server. */
export interface Caller {
  kind: 'served'
  reader: Reader
  /** The address that the request came from; null at the command line. */
  address: string | null
  requestId: string
  /** Aborted when the caller has gone. */
  signal: AbortSignal
}

/**
 * The operator at the command line, in whose own process the operation runs: it takes the operation's `local`
 * input, waits for no other reader, has no deadline, and may answer with open rows.
 */
export interface LocalCaller extends Omit<Caller, 'kind'> {
  kind: 'local'
  /** The version to read; the newest by default. */
  version?: LakeVersion | undefined
}

export type Called =
  /** `tag` identifies the content, for callers that have it already. */
  { kind: 'json'; body: string; tag: string | undefined; cached: boolean } | Download | Events

/**
 * Calls an operation: validates the input, checks the rights of the reader, and writes the access log before
 * it answers. If the log cannot be written, no answer is sent.
 *
 * @throws Problem
 */
export async function call(
  services: Services,
  operations: readonly Operation[],
  one: Operation,
  given: unknown,
  caller: LocalCaller,
): Promise<Called | OpenRows>
export async function call(
  services: Services,
  operations: readonly Operation[],
  one: Operation,
  given: unknown,
  caller: Caller,
): Promise<Called>
export async function call(
  services: Services,
  operations: readonly Operation[],
  one: Operation,
  given: unknown,
  caller: Caller | LocalCaller,
): Promise<Called | OpenRows> {
  const { reader } = caller
  const log = async (outcome: string, version: LakeVersion | undefined, input: unknown, seen: Seen = {}) =>
    await services.accessLog.write({
      operation: one.name,
      outcome,
      input,
      seen,
      version: version?.number ?? null,
      reader,
      address: caller.address,
      requestId: caller.requestId,
    })
  if (!mayCall(one, reader)) {
    await log('refused', undefined, given)
    throw notAllowed(reader.role, one.doc)
  }
  const input = parsed(askedBy(caller, one).input, given)
  const asked = caller.kind === 'local' ? caller.version : undefined
  const version = asked ?? (await services.lake.newest())
  try {
    const { answer, tag, cached } = await answered(services, operations, one, input, caller, version)
    if (answer.kind === 'rows') {
      await log('shown', version, input)
      return answer
    }
    await log('shown', version, input, answer.seen).catch((thrown) => {
      if (answer.kind === 'events') answer.leave()
      throw thrown
    })
    if (answer.kind !== 'json') return answer
    return { kind: 'json', body: answer.body, tag, cached }
  } catch (thrown) {
    if (!(thrown instanceof Problem && thrown.title === NOT_LOGGED)) await log('failed', version, input)
    throw problemOf(thrown)
  }
}

const NOT_LOGGED = 'Not recorded'

/** The input that an operation takes of a caller, and what it does with it. */
function askedBy(
  caller: Caller | LocalCaller,
  one: Operation,
): Pick<NonNullable<Operation['local']>, 'input' | 'run'> {
  return (caller.kind === 'local' && one.local) || one
}

/** Whether this reader may call the operation: by role, and for a token by its scope. */
export function mayCall(one: Operation, reader: Reader): boolean {
  const { tokenScopes } = reader
  return one.may(reader) && (tokenScopes === undefined || tokenScopes.includes(one.scope))
}

function parsed(schema: Operation['input'], given: unknown): z.output<Operation['input']> {
  const result = schema.strict().safeParse(given)
  const fields = result.success
    ? nulsIn(result.data).map((field) => ({ field, message: NUL }))
    : result.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }))
  if (result.success && fields.length === 0) return result.data
  const said = fields.map(({ field, message }) => `${field === '' ? 'the input' : field}: ${message}`)
  throw new Problem(422, 'Wrong input', said.slice(0, 5).join('; '), { fields })
}

const NUL = 'a NUL character is in it, and no text of the lake has one'

/** The fields whose texts have a NUL character: a statement of SQL would end there. */
function nulsIn(value: unknown, field = ''): string[] {
  if (typeof value === 'string') return value.includes('\0') ? [field] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, one]) => nulsIn(one, field === '' ? name : `${field}.${name}`))
}

type Made = { kind: 'json'; body: string; seen: Seen | undefined } | Download | Events | OpenRows

/** The answer, computed or from the cache. */
async function answered(
  services: Services,
  operations: readonly Operation[],
  one: Operation,
  input: z.output<Operation['input']>,
  caller: Caller | LocalCaller,
  version: LakeVersion,
): Promise<{ answer: Made; tag: string | undefined; cached: boolean }> {
  const { reader, address, requestId, signal } = caller
  const allowed = operations.filter((other) => mayCall(other, reader))
  const run = async (within: AbortSignal): Promise<Made> => {
    const context = contextOf(services, {
      reader,
      version,
      requestId,
      address,
      signal: within,
      queue: one.queue,
      local: caller.kind === 'local',
      allowed: allowed.map(({ name }) => name),
    })
    return made(await askedBy(caller, one).run(input, context))
  }
  if (one.reads === undefined) return { answer: await run(signal), tag: undefined, cached: false }
  const people = one.readsPeople ? services.reviews.people().sha256 : ''
  const what = [one.name, input, one.personal ? reader.subject : '', people]
  const key = cacheKey(what, one.reads, reader, version)
  const { value, hit } = await services.cache.get(key, signal, async (within) => {
    const answer = await run(within)
    return { value: answer, bytes: answer.kind === 'json' ? answer.body.length : Number.POSITIVE_INFINITY }
  })
  return {
    answer: value,
    tag: `"${createHash('sha256').update(key).digest('base64url').slice(0, 27)}"`,
    cached: hit,
  }
}

function made(answer: Answer | OpenRows): Made {
  if (answer.kind !== 'json') return answer
  const { value, seen } = answer satisfies JsonAnswer
  return { kind: 'json', body: jsonOf(value), seen }
}

/** Turns a failure into a Problem: errors of a query are the caller's, all others the server's. */
function problemOf(thrown: unknown): unknown {
  if (thrown instanceof UserError)
    return new Problem(400, 'Wrong question', sentence(thrown), { cause: thrown })
  if (thrown instanceof EngineLost)
    return new Problem(503, 'Started anew', sentence(thrown), { retryAfter: 1, cause: thrown })
  if (thrown instanceof TooMuchMemory)
    return new Problem(
      400,
      'Too much memory',
      'The question needs more memory than it may have: ask for less at a time.',
      {
        cause: thrown,
      },
    )
  return thrown
}
