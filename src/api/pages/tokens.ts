import { DAY_MS } from '../../lib/day.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { notFound } from '../problem.ts'

export async function tokensOf(_: object, { tokens, reader }: Context): Promise<Answer> {
  const own = await tokens.of(reader.subject)
  return {
    kind: 'json',
    value: {
      tokens: own.map(({ id, name, scopes, created, expires, lastUsed }) => ({
        id,
        name,
        scopes,
        created,
        expires,
        last_used: lastUsed,
      })),
    },
  }
}

interface Input {
  name: string
  scopes: string[]
  days: number
}

export async function tokenCreateOf({ name, scopes, days }: Input, context: Context): Promise<Answer> {
  const { subject, name: owner, role } = context.reader
  const now = context.now()
  const expires = new Date(now.getTime() + days * DAY_MS).toISOString()
  const made = await context.tokens.create({
    name,
    scopes,
    owner: { subject, name: owner, role },
    created: now.toISOString(),
    expires,
  })
  return { kind: 'json', value: { ...made, expires }, seen: { about: `token:${made.id}` } }
}

export async function tokenRevokeOf({ id }: { id: string }, context: Context): Promise<Answer> {
  if (!(await context.tokens.revoke(context.reader.subject, id))) throw notFound()
  return { kind: 'json', value: { revoked: 1 }, seen: { about: `token:${id}` } }
}
