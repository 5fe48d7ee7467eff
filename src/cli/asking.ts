import { randomUUID } from 'node:crypto'
import { agentOperations } from '../agent/index.ts'
import { type Called, call } from '../api/call.ts'
import { operations } from '../api/index.ts'
import { Problem } from '../api/problem.ts'
import { UserError } from '../lib/errors.ts'
import type { Reader } from '../query/reader.ts'
import type { CommonOptions } from '../workspace/open.ts'
import { openExisting } from '../workspace/open.ts'
import { agentOf, openAsking, readerAs } from './serving.ts'
import { userName } from './user-name.ts'

/** Options of commands that call operations as a certain person. */
export interface AsOptions extends CommonOptions {
  as?: string
  people?: string
}

/** Calls operations from the command line. */
export interface Caller {
  json<Shape>(name: string, input: Record<string, unknown>): Promise<Shape>
  download(name: string, input: Record<string, unknown>): Promise<Buffer>
  /** The lines of a JSON download as they arrive. */
  lines(name: string, input: Record<string, unknown>): AsyncGenerator<unknown>
  reader: Reader
}

/**
 * Calls operations as the server does: with the same rights and masks, and a line in the access log for each.
 * The person is not verified, since anybody with the shell can name another; the log marks this by `shell`.
 *
 * @param role the role, unless the command names one
 */
export async function asking<Made>(
  options: AsOptions,
  role: string,
  work: (caller: Caller) => Promise<Made>,
): Promise<Made> {
  const opened = await openExisting(options)
  const asked = await openAsking(opened, { people: options.people, notice: null })
  const all = [...operations, ...agentOperations(agentOf(opened))]
  try {
    const who = options.as ?? `${role}:${userName()}`
    const reader: Reader = { ...(await readerAs(who, asked.known)()), signedIn: 'shell' }
    const run = async (name: string, input: Record<string, unknown>): Promise<Called> => {
      const one = all.find((other) => other.name === name)
      if (!one) throw new Error(`there is no operation ${name}`)
      const { signal } = new AbortController()
      const caller = { kind: 'served', reader, address: null, requestId: randomUUID(), signal } as const
      return await call(asked.services, all, one, input, caller).catch((thrown) => {
        throw thrown instanceof Problem ? new UserError(thrown.message, { cause: thrown }) : thrown
      })
    }
    return await work({
      reader,
      async json(name, input) {
        const called = await run(name, input)
        if (called.kind !== 'json') throw new Error(`${name} is a download`)
        return JSON.parse(called.body)
      },
      async download(name, input) {
        const called = await run(name, input)
        if (called.kind !== 'download') throw new Error(`${name} is no download`)
        const pieces: Uint8Array[] = []
        for await (const piece of called.pieces) pieces.push(Buffer.from(piece))
        return Buffer.concat(pieces)
      },
      async *lines(name, input) {
        const called = await run(name, input)
        if (called.kind !== 'download') throw new Error(`${name} is no download`)
        // Each piece is a line.
        for await (const piece of called.pieces) yield JSON.parse(String(piece))
      },
    })
  } finally {
    await asked.close()
  }
}
