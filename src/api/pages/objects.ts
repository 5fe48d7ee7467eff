import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import { type Listing, openListOf, pageOf } from './listing.ts'

interface Chosen {
  outcome?: string | undefined
  logtype?: string | undefined
  like?: string | undefined
}

interface Input extends Chosen {
  after?: string | undefined
  limit: number
}

/** From the command line. */
interface LocalInput extends Chosen {
  limit?: number | undefined
}

export async function objectsOf(input: Input, context: Context): Promise<Answer> {
  return await pageOf(listOf(input), input, context)
}

export async function objectRows(input: LocalInput, context: Context): Promise<OpenRows> {
  return await openListOf(listOf(input), input.limit, context)
}

function listOf({ outcome, logtype, like }: Chosen): Listing {
  return {
    sql: sql(new URL('../sql/objects.sql', import.meta.url)),
    values: { outcome: outcome ?? null, logtype: logtype ?? null, pattern: like ?? null },
  }
}
