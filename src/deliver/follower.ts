/**
 * A route as a follower: the new rows of its table in groups of files, each group in the order of its rows' time; masked, shaped, sent in
 * batches. What the receiver refuses for good, and what was masked, is committed together with the cursor, and only after the receiver has
 * all that stands before it: a process that ends sends at most one group again.
 *
 * While a receiver is down, the route waits where it is: it holds one batch and the one behind it, and nothing else waits for it.
 */
import type { Changes, Follower, Work } from '../follow/contract.ts'
import type { AddedFile } from '../lake/changes.ts'
import type { TableDefinition } from '../lake/table.ts'
import type { Engine } from '../lib/duckdb.ts'
import { step } from '../lib/steps.ts'
import { concurrently } from '../lib/stream.ts'
import { ahead, batches, pacer } from './batches.ts'
import type { Delivery, Place, Receiver, Refused } from './contract.ts'
import { deliver, type Outage, settle } from './patience.ts'
import { openRecords, type Records } from './records.ts'
import { type Row, redactor, type Scan } from './redact.ts'
import type { Route } from './routes.ts'
import { rowsOf, secondsOf } from './rows.ts'
import type { OpenShape } from './shapes/contract.ts'
import { deliverTables } from './tables.ts'

export interface DeliverOptions {
  /** Of loglake. */
  version: string
  /** Bytes of data files whose rows are sorted and sent together. */
  groupBytes: number
  /** How long an outage is waited out in one turn; for ever by default. */
  patienceMs?: number | undefined
  /** Called before each group and batch: waits while the route is paused, or throws. */
  gate?(signal: AbortSignal): Promise<void>
  onOutage?(outage: Outage | undefined): void
  /** How many rows the receiver took of a batch, and how many bytes the batch had. */
  onSent?(rows: number, bytes: number): void
  /** In place of the scanners; for tests. */
  scan?: Scan
  write?: (text: string) => Promise<void>
}

/** The name that a route's cursors are kept under. */
export function followerName(route: string): string {
  return `route-${route}`
}

export function routeFollower(route: Route, options: DeliverOptions): Follower {
  return {
    name: followerName(route.name),
    doc: `Sends rows of ${route.table.name} to ${route.to}.`,
    tables: [route.table],
    writes: deliverTables,
    again: 'replay',
    work: (changes) => work(route, options, changes),
  }
}

async function work(route: Route, options: DeliverOptions, changes: Changes): Promise<Work> {
  const { table } = route
  const files = changes.added.get(table.name)?.files ?? []
  const receiver = route.destination.open(route.settings, {
    route: route.name,
    ...(options.write ? { write: options.write } : {}),
  })
  const shape = await route.shape.open({ ...route, version: options.version })
  const reading = await changes.engine.beside()
  const records = await openRecords(changes.engine, route)
  let cursor: Work['cursor'] = {}
  try {
    for (const group of groups(files, options.groupBytes)) {
      await options.gate?.(changes.signal)
      const from = await changes.part(table, group)
      await sendGroup({ route, options, changes, receiver, shape, reading, records }, from)
      cursor = { [table.name]: (group.at(-1) as AddedFile).position }
      step('group-delivered')
    }
  } catch (thrown) {
    // The groups before it are committed as delivered; this one's turn comes again, and fails alone.
    if (Object.keys(cursor).length === 0) throw thrown
  } finally {
    reading.close()
    shape.close?.()
    await receiver.close?.()
  }
  return { rows: records.rows(), cursor }
}

interface Sending {
  route: Route
  options: DeliverOptions
  changes: Changes
  receiver: Receiver
  shape: OpenShape
  reading: Engine
  records: Records
}

async function sendGroup(sending: Sending, from: string): Promise<void> {
  const { options, changes, receiver, records } = sending
  const patience = {
    signal: changes.signal,
    mostMs: options.patienceMs,
    ...(options.onOutage ? { onOutage: options.onOutage } : {}),
  }
  const { concurrency, rowsPerSecond } = sending.route
  const pace = pacer(rowsPerSecond)
  const made = ahead(batches(deliveries(sending, from), receiver.most))
  async function sendOne(batch: Delivery[]): Promise<Refused[]> {
    await options.gate?.(changes.signal)
    await pace(batch.length, changes.signal)
    step('batch-made')
    const refused = await deliver(receiver, batch, patience)
    step('batch-sent')
    options.onSent?.(
      batch.length - refused.length,
      batch.reduce((sum, { text }) => sum + text.length, 0),
    )
    return refused
  }
  for await (const refused of concurrently(made, { atOnce: concurrency, inOrder: true }, sendOne))
    records.refuse(refused)
  records.refuse(await settle(receiver, patience))
  records.finish()
}

async function* deliveries({ route, options, shape, reading, records }: Sending, from: string) {
  const redact = redactor(route.table, route.policy, options.scan)
  for await (const rows of rowsOf(reading, route.table, from, route.where)) {
    const kept: { row: Row; place: Place }[] = []
    for (const whole of rows) {
      const place = placeOf(whole, route.table)
      const { row, maskings } = redact(whole)
      records.mask(place, maskings, row === undefined)
      if (row !== undefined) kept.push({ row, place })
    }
    yield await shapedRows(route, shape, kept)
  }
}

/** Masked rows as what is sent. */
export async function shapedRows(
  route: Route,
  shape: OpenShape,
  rows: readonly { row: Row; place: Place }[],
): Promise<Delivery[]> {
  const made = await shape.shape(rows.map(({ row }) => row))
  return made.map(({ time, ...shaped }, at): Delivery => {
    const { place } = rows[at] as { place: Place }
    return {
      id: `${route.table.name}/${place.id}`,
      table: route.table.name,
      time: time ?? place.time,
      ...shaped,
    }
  })
}

export function placeOf(row: Row, { key = [], time }: TableDefinition): Place {
  const [id = 'id'] = key
  const at = secondsOf(row[time ?? 'lake_ingested_at']) ?? secondsOf(row.lake_ingested_at) ?? 0
  return { id: String(row[id] ?? at), time: at }
}

/** Files in order, up to `most` bytes together; one at least. */
function* groups(files: readonly AddedFile[], most: number): Generator<AddedFile[]> {
  let group: AddedFile[] = []
  let bytes = 0
  for (const one of files) {
    if (group.length > 0 && bytes + one.file.bytes > most) {
      yield group
      group = []
      bytes = 0
    }
    group.push(one)
    bytes += one.file.bytes
  }
  if (group.length > 0) yield group
}
