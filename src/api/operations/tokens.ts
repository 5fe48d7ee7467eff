import { z } from 'zod'
import { operation } from '../contract.ts'
import { tokenCreateOf, tokenRevokeOf, tokensOf } from '../pages/tokens.ts'
import { signedInPerson } from '../rights.ts'
import { count, iso, isoOrNull, text } from '../shapes.ts'

const scope = z.enum(['read', 'query', 'status', 'iceberg'])

export const tokens = operation({
  name: 'tokens',
  doc: "Lists one's API tokens.",
  kind: 'read',
  queue: 'page',
  scope: 'admin',
  input: z.object({}),
  output: z.object({
    tokens: z.array(
      z.object({
        id: text,
        name: text,
        scopes: z.array(scope),
        created: iso,
        expires: iso,
        last_used: isoOrNull,
      }),
    ),
  }),
  may: signedInPerson,
  run: tokensOf,
})

export const tokenCreate = operation({
  name: 'token-create',
  doc: 'Makes an API token, which is shown this once.',
  kind: 'write',
  queue: 'page',
  scope: 'admin',
  input: z.object({
    name: text.trim().min(1).max(100),
    scopes: z.array(scope).min(1),
    days: z.coerce.number().int().min(1).max(365).default(90),
  }),
  output: z.object({ id: text, token: text, expires: iso }),
  may: signedInPerson,
  run: tokenCreateOf,
})

export const tokenRevoke = operation({
  name: 'token-revoke',
  doc: 'Ends an API token at once.',
  kind: 'write',
  queue: 'page',
  scope: 'admin',
  input: z.object({ id: text.max(100) }),
  output: z.object({ revoked: count }),
  may: signedInPerson,
  run: tokenRevokeOf,
})
