import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import { type Listing, openListOf, pageOf } from './listing.ts'

interface Chosen {
  all: boolean
  code?: string | undefined
}

interface Input extends Chosen {
  after?: string | undefined
  limit: number
}

/** From the command line: a list, or a few with their messages. */
interface LocalInput extends Chosen {
  id?: string | undefined
  limit?: number | undefined
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

export async function deadLettersOf(input: Input, context: Context): Promise<Answer> {
  return await pageOf(listOf(input), input, context)
}

export async function deadLetterRows({ id, ...input }: LocalInput, context: Context): Promise<OpenRows> {
  if (id === undefined) return await openListOf(listOf(input), input.limit, context)
  return { kind: 'rows', rows: await context.open(sql(url('dead-letter')), { values: { id } }) }
}

function listOf({ all, code }: Chosen): Listing {
  return { sql: sql(url('dead-letters')), values: { everything: all, code: code ?? null } }
}
