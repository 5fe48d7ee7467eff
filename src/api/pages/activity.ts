import { DAY_MS } from '../../lib/day.ts'
import { identifier, sql } from '../../lib/sql.ts'
import { conditionsOf, type Where, whereOf } from '../conditions.ts'
import type { Context } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { shownRow, tableNamed } from '../mask-rows.ts'
import { Problem } from '../problem.ts'
import { visibleFiles } from '../rights.ts'
import { raw } from '../seen.ts'
import { columnsOfTable, onSummary } from './activity-fields.ts'
import { wrongCursor } from './cursors.ts'
import { ofSpan, summaryStanding } from './summaries.ts'

interface Input {
  from: string
  to: string
  where: string[]
  after?: string | undefined
  limit: number
  columns: string[]
  deep: boolean
}

/** The place in a list behind which the next page begins. */
interface Cursor {
  us: string
  id: string
}

const url = (name: string) => new URL(`../sql/${name}.sql`, import.meta.url)
const HOUR_MS = 3_600_000
/** Length of the first stretch of time searched; each further one is longer by this factor. */
const FIRST_MS = 2 * HOUR_MS
const LONGER = 4
/** Characters shown of a text; more are read, so that a match across the end is found whole. */
const SHOWN = { requestparameters: 500 }

/**
 * Walks back in time until the page is full, so that the newest rows of a week cost as much as those of the
 * last hours. Where the summary has all columns of the conditions, it tells how far back the page reaches,
 * and empty stretches are skipped.
 */
export async function activityRows(input: Input, context: Context): Promise<Answer> {
  const known = columnsOfTable(context, 'cloudtrail')
  const conditions = conditionsOf(input.where, known)
  const where = whereOf(conditions)
  const more = moreColumns(input.columns, known)
  const fromMs = Date.parse(input.from)
  let untilMs = Date.parse(input.to)
  let place = cursorOf(input.after)
  const rows: string[] = []
  const files = { read: 0, all: 0 }
  const budgetMs = input.deep ? Number.POSITIVE_INFINITY : DAY_MS
  let lookedMs = 0
  let stretchMs = FIRST_MS
  if (place) untilMs = Math.min(untilMs, Math.floor(Number(place.us) / 1000) + 1)
  const standing = await summaryStanding(context.version)
  const counted = standing.there && standing.rows === 0 && onSummary(conditions)
  while (untilMs > fromMs && rows.length < input.limit && lookedMs < budgetMs) {
    const wanted = input.limit - rows.length
    const back = counted ? await backTo(context, where, fromMs, untilMs, wanted) : undefined
    if (back === 'nothing') {
      untilMs = fromMs
      break
    }
    if (back) untilMs = Math.min(untilMs, back.newestMs + 600_000)
    const sinceMs = Math.max(
      fromMs,
      untilMs - (budgetMs - lookedMs),
      back ? back.sinceMs : untilMs - stretchMs,
    )
    const found = await stretch(context, { where, more, place, sinceMs, untilMs, wanted })
    rows.push(...found.rows)
    files.read += found.files.read
    files.all = Math.max(files.all, found.files.all)
    if (found.files.read > 0) lookedMs += untilMs - sinceMs
    place = found.last ?? place
    // A full stretch may have more rows than the page read.
    if (found.rows.length < wanted) untilMs = sinceMs
    stretchMs *= LONGER
  }
  const full = rows.length >= input.limit
  const reachedMs = full && place ? Math.floor(Number(place.us) / 1000) : Math.max(fromMs, untilMs)
  return {
    kind: 'json',
    seen: { rows: rows.length },
    value: {
      version: context.version.number,
      rows: raw(`[${rows.join(',')}]`),
      next: full && place ? `${place.us}:${place.id}` : stoppedCursor(untilMs, fromMs),
      reached: new Date(reachedMs).toISOString(),
      stopped: !full && untilMs > fromMs,
      files: visibleFiles(context.reader, files),
    },
  }
}

/** Where a stopped search continues. */
function stoppedCursor(untilMs: number, fromMs: number): string | null {
  return untilMs > fromMs ? `${untilMs * 1000 - 1}:~` : null
}

interface Stretch {
  where: Where
  more: string
  place: Cursor | undefined
  sinceMs: number
  untilMs: number
  wanted: number
}

async function stretch(context: Context, { where, more, place, sinceMs, untilMs, wanted }: Stretch) {
  const question = sql(url('activity-rows'), { where: where.sql, more })
  const table = tableNamed(context, 'cloudtrail')
  const show = showing(context, false)
  const wrapped = `select to_json(one)::varchar as row, at_us, eventid from (\n${question}\n) as one`
  return await context.ask(
    wrapped,
    async (answer) => {
      const rows: string[] = []
      let last: Cursor | undefined
      for await (const [row, us, id] of answer.rows()) {
        rows.push(JSON.stringify(shownRow(table, JSON.parse(String(row)), show, SHOWN)))
        last = { us: String(us), id: String(id) }
      }
      return { rows, last, files: answer.files }
    },
    {
      values: {
        ...where.values,
        since: new Date(sinceMs).toISOString(),
        until: new Date(untilMs).toISOString(),
        cursor_us: place?.us ?? null,
        cursor_id: place?.id ?? null,
        max: wanted,
      },
    },
  )
}

/**
 * How far back the summary says that a page of rows reaches: mostly no further than a day, so that is looked
 * at first.
 */
async function backTo(context: Context, where: Where, fromMs: number, untilMs: number, max: number) {
  const dayMs = Math.max(fromMs, untilMs - DAY_MS)
  const day = await countedBack(context, where, dayMs, untilMs, max)
  const found =
    day?.full_ms != null || dayMs === fromMs ? day : await countedBack(context, where, fromMs, untilMs, max)
  if (!found || found.newest_ms === null || found.oldest_ms === null) return 'nothing' as const
  return { sinceMs: found.full_ms ?? found.oldest_ms, newestMs: found.newest_ms }
}

async function countedBack(context: Context, where: Where, fromMs: number, untilMs: number, max: number) {
  const since = new Date(Math.floor(fromMs / 600_000) * 600_000).toISOString()
  const until = new Date(untilMs).toISOString()
  const [found] = await context.objects<Record<'full_ms' | 'newest_ms' | 'oldest_ms', number | null>>(
    sql(url('activity-back'), { where: where.sql }),
    { ...where.values, since, until, max: max + 1 },
    ofSpan(since, until),
  )
  return found
}

function moreColumns(columns: readonly string[], known: ReadonlySet<string>): string {
  return columns
    .map((name) => {
      if (!known.has(name)) throw new Problem(422, 'Wrong input', `columns: there is no column "${name}"`)
      return `${identifier(name)},\n  `
    })
    .join('')
}

function cursorOf(after: string | undefined): Cursor | undefined {
  if (after === undefined) return undefined
  const [, us, id] = /^(\d{1,18}):([\s\S]+)$/.exec(after) ?? []
  if (us === undefined || id === undefined || id.includes('\0')) throw wrongCursor()
  return { us, id }
}
