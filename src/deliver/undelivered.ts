/** Manual work on refused rows: send them again, or skip a span with a reason. */
import { rm } from 'node:fs/promises'
import { cursorsOf } from '../follow/cursor.ts'
import { openReading } from '../follow/read.ts'
import { stageResults, takeResult } from '../follow/results.ts'
import type { TableChange } from '../lake/change.ts'
import { cursorKey, cursorText, unread } from '../lake/changes.ts'
import type { Lake } from '../lake/lake.ts'
import type { LakeVersion } from '../lake/version.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { isJson } from '../lib/is-json.ts'
import { list, literal, sql } from '../lib/sql.ts'
import { batches } from './batches.ts'
import type { Delivery, Refused } from './contract.ts'
import { followerName } from './follower.ts'
import { deliver, settle } from './patience.ts'
import type { Route } from './routes.ts'
import { undelivered } from './tables.ts'

const file = (name: string) => new URL(`./sql/${name}.sql`, import.meta.url)

export interface Retried {
  delivered: number
  refused: readonly Refused[]
}

/** Sends again what a route's destination has refused: all that was not taken since, or only `ids`. */
export async function retry(
  lake: Lake,
  route: Route,
  { ids, signal, patienceMs }: { ids: readonly string[]; signal: AbortSignal; patienceMs?: number },
): Promise<Retried> {
  return await working(lake, async (engine, place) => {
    const reading = openReading(lake)
    const receiver = route.destination.open(route.settings, { route: route.name })
    try {
      const version = await lake.newest()
      const table = await version.table(undelivered.name)
      const rows = await reading.from(undelivered, table, (await table?.files()) ?? [])
      const question = sql(file('undelivered-open'), { rows, route: literal(route.name), ids: list(ids) })
      const patience = { signal, maxMs: patienceMs }
      const taken: string[] = []
      const refused: Refused[] = []
      for await (const batch of batches(openRows(engine, question), receiver.max)) {
        const told = [...(await deliver(receiver, batch, patience)), ...(await settle(receiver, patience))]
        const bad = new Set(told.map(({ delivery }) => delivery.id))
        refused.push(...told)
        taken.push(...batch.filter(({ id }) => !bad.has(id)).map(({ id }) => `${route.name}/${id}`))
      }
      if (taken.length > 0) await markDelivered(lake, { engine, place, ids: taken })
      return { delivered: taken.length, refused }
    } finally {
      reading.close()
      await receiver.close?.()
    }
  })
}

/** Each row once, even when it was refused twice. */
async function* openRows(engine: Engine, question: string): AsyncGenerator<Delivery[]> {
  const reading = await engine.beside()
  try {
    const result = await reading.stream(question)
    for await (const chunk of result.chunks()) {
      yield chunk.getRows().map(([id, table, time, text, host, source, sourcetype]) => ({
        id: String(id),
        table: String(table),
        time: Number(time) / 1e6,
        text: String(text),
        plain: !isJson(String(text)),
        host: host === null ? undefined : String(host),
        source: source === null ? undefined : String(source),
        sourcetype: sourcetype === null ? undefined : String(sourcetype),
      }))
    }
  } finally {
    reading.close()
  }
}

interface Marking {
  engine: Engine
  place: string
  ids: readonly string[]
}

async function markDelivered(lake: Lake, { engine, place, ids }: Marking): Promise<void> {
  const reading = openReading(lake)
  await engine.run('create or replace temp table taken (id varchar)')
  const appender = await engine.connection.createAppender('taken')
  for (const id of ids) {
    appender.appendVarchar(id)
    appender.endRow()
  }
  appender.closeSync()
  try {
    await lake.commit('retry', async (base) => {
      const table = await base.table(undelivered.name)
      const files = table ? await table.files() : []
      if (!table || files.length === 0) return undefined
      const all = await reading.from(undelivered, table, files)
      const rows = sql(file('undelivered-taken'), { rows: all, now: nowUs() })
      const add = await staged(lake, { engine, place, base, rows })
      return { tables: { [undelivered.name]: { add, remove: files } } }
    })
  } finally {
    reading.close()
  }
}

async function staged(
  lake: Lake,
  { engine, place, base, rows }: { engine: Engine; place: string; base: LakeVersion; rows: string },
): Promise<NonNullable<TableChange['add']>> {
  const results = await stageResults(
    lake,
    engine,
    { writes: [undelivered] },
    base,
    { [undelivered.name]: rows },
    place,
  )
  return await Promise.all(results.map((result) => takeResult(lake.storage, result, base)))
}

/**
 * Skips rows that a route has not sent. Their number and the reason become a row of `undelivered`, in one
 * commit with the cursor.
 *
 * @returns how many rows were skipped, including those that the route's condition would exclude
 */
export async function skip(
  lake: Lake,
  route: Pick<Route, 'name' | 'to' | 'table'>,
  reason: string,
): Promise<number> {
  const follower = followerName(route.name)
  const { name } = route.table
  let skipped = 0
  await working(lake, async (engine, place) => {
    await lake.commit(`skip ${route.name}`, async (base) => {
      const cursor = cursorsOf(base, follower, [name]).get(name)
      if (!cursor) throw new UserError(`the route ${route.name} has not begun: there is nothing to skip`)
      const table = await base.table(name)
      const files = table ? await unread(table, cursor) : []
      skipped = files.reduce((sum, { file: { records } }) => sum + records, 0)
      const seen = new Date().toISOString()
      const moved = cursorText({ sequence: table?.sequence ?? 0, state: 'following', seen })
      const rows = sql(file('undelivered-skipped'), {
        id: literal(`${route.name}/skipped/${cursor.sequence}-${table?.sequence ?? 0}`),
        route: literal(route.name),
        destination: literal(route.to),
        table: literal(name),
        reason: literal(reason.replaceAll('\0', '')),
        rows: String(skipped),
        now: nowUs(),
      })
      const add = await staged(lake, { engine, place, base, rows })
      return { tables: { [undelivered.name]: { add } }, cursors: { [cursorKey(follower, name)]: moved } }
    })
  })
  return skipped
}

async function working<T>(lake: Lake, work: (engine: Engine, place: string) => Promise<T>): Promise<T> {
  const place = await lake.storage.workplace()
  const engine = await openEngine({ threads: 1, memory: '256MiB', spill: `${place}/spill` })
  try {
    return await work(engine, place)
  } finally {
    engine.close()
    await rm(place, { recursive: true, force: true })
  }
}

function nowUs(): string {
  return String(BigInt(Date.now()) * 1000n)
}
