import { z } from 'zod'

/** Schemas that several operations share. */

export const iso = z.iso
  .datetime({ offset: true, error: 'a time as in 2026-01-08T02:17:00Z is wanted' })
  .describe('A time as ISO 8601.')
export const isoOrNull = iso.nullable()
export const day = z.iso.date().describe('A UTC date.')
export const text = z.string()
export const textOrNull = z.string().nullable()
export const count = z.number().int().nonnegative()
/** Milliseconds since 1970; negative before it. */
export const ms = z.number().int()
export const amount = z.number().nullable()

/** The limits of a span of time: `from` inclusive, `to` exclusive. */
export const span = {
  from: iso.describe('The beginning of the span.'),
  to: iso.describe('The end of the span, exclusive.'),
}

/**
 * One condition: `field:value`, `field~part of it`, `field:*` for any value; `-` before it means not. Several
 * of one field with the same sign are joined by OR, all else by AND.
 */
export const where = z
  .array(z.string().max(4096))
  .max(50)
  .default([])
  .describe(
    'Conditions: `eventname:StopLogging`, `-actor:ci`, `requestparameters~support-temp`, `errorcode:*`.',
  )

export const limit = (max: number, byDefault: number) =>
  z.coerce.number().int().min(1).max(max).default(byDefault).describe('The most rows that are wanted.')

export const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')])
  .default(false)

/** Optional limits of a query: a span of time, an earlier version. */
export const within = {
  since: iso.optional().describe('Only rows from this time on, in every table that has a time.'),
  until: iso.optional().describe('Only rows before this time.'),
  version: z.coerce.number().int().min(1).optional().describe('An earlier version of the lake.'),
}

/** What the operator at the command line asks for instead of a file: the rows as DuckDB yields them. */
export const openRows = { rows: z.literal(true), parameters: z.record(text, textOrNull).default({}) }

/** A list that the operator at the command line asks for as open rows: all of it without a limit. */
export const listed = { rows: z.literal(true), limit: z.number().int().min(1).optional() }

/** What every page of a list tells of the whole. */
export const page = { total: count, next: textOrNull }

/** Limits of the operator at the command line on the rows of every table; times as ISO 8601 in UTC. */
export const scoped = {
  since: text.optional(),
  until: text.optional(),
  accounts: z.array(text).optional(),
  regions: z.array(text).optional(),
}

export type Scoped = z.output<z.ZodObject<typeof scoped>>

/** Values for `$name` in SQL, each a text or NULL. */
export const parameters = z
  .record(z.string().max(100), z.string().max(4000).nullable())
  .default({})
  .describe('Values for `$name` in the SQL, each a text or null.')

export const after = z.string().max(500).optional().describe('Where the page before ended: its `next`.')

/** What every answer from tables says about them. */
export const standing = {
  version: count.describe('The version of the lake that answered.'),
}

/** How far the summaries are behind the lake. */
export const behind = z
  .object({ rows: count.nullable(), ms: count })
  .describe(
    'What the follower `summaries` has not read yet; zero when it is up to date. Rows are null for who does not see every row.',
  )

export const files = z
  .object({ read: count, all: count })
  .describe('Data files read, of how many; zeros for who does not see every row.')

/** A column of an answer in SQL. */
export const column = z.object({ name: text, type: text })

/** The person who did something, as reviews record them. */
export const by = z.object({ subject: text, name: text, role: text, signed_in: text })

/** The format of a file with all rows. */
export const fileFormat = z.enum(['csv', 'csv-safe', 'ndjson', 'parquet']).default('csv')

export const usageWhere = z
  .array(text.max(1000))
  .max(20)
  .default([])
  .describe('As in activity, of the dimensions of `usage`.')
