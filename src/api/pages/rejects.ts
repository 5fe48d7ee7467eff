import { sql } from '../../lib/sql.ts'
import type { Context } from '../context.ts'
import type { Answer, OpenRows } from '../contract.ts'
import { numberAfter } from './cursors.ts'
import { openListOf } from './listing.ts'

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)

/**
 * A rejected record may hold any text; more is read than shown, so that a match across the end is found
 * whole.
 */
const SHOWN_BYTES = 2000

interface Chosen {
  code?: string | undefined
  like?: string | undefined
}

interface Input extends Chosen {
  source?: string | undefined
  after?: string | undefined
  limit: number
}

/** From the command line: a list, or a few with all of their bytes. */
interface LocalInput extends Chosen {
  id?: string | undefined
  limit?: number | undefined
}

export async function rejectsOf(input: Input, context: Context): Promise<Answer> {
  const before = numberAfter(input.after)
  // It brings the scanners, which the command line does without.
  const { showing } = await import('../mask.ts')
  const show = showing(context, false)
  const source = input.source === undefined ? {} : { source: input.source }
  const values = { ...valuesOf(input), ...source, max: input.limit + 1, before }
  const [rows, codes] = await Promise.all([
    context.objects<{ bytes: string }>(questionOf('rejects', input.source), values),
    context.objects(sql(url('reject-codes'), { source: sourceOf(input.source) }), source),
  ])
  return {
    kind: 'json',
    seen: { rows: Math.min(rows.length, input.limit) },
    value: {
      version: context.version.number,
      rows: rows.slice(0, input.limit).map(({ bytes, ...row }) => ({
        ...row,
        bytes: show(bytes, 'document', { from: 0, to: SHOWN_BYTES }).text,
      })),
      codes,
      next: rows.length > input.limit ? String(before + input.limit) : null,
    },
  }
}

export async function rejectRows({ id, ...input }: LocalInput, context: Context): Promise<OpenRows> {
  if (id === undefined) {
    const list = { sql: questionOf('rejects-listed', undefined), values: valuesOf(input) }
    return await openListOf(list, input.limit, context)
  }
  return { kind: 'rows', rows: await context.open(sql(url('reject')), { values: { id } }) }
}

function questionOf(name: 'rejects' | 'rejects-listed', source: string | undefined): string {
  return sql(url(name), { chosen: sql(url('rejects-chosen'), { source: sourceOf(source) }) })
}

/** The ledger is read only where a source is named. */
function sourceOf(source: string | undefined): string {
  return source === undefined ? 'true' : sql(url('rejects-of-source'))
}

function valuesOf({ code, like }: Chosen) {
  return { code: code ?? null, pattern: like ?? null }
}
