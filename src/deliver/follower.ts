/**
 * A route as a follower: the new rows of its table in groups of files, each group sorted by its rows' time;
 * masked, shaped, sent in batches. Permanent refusals and maskings are committed together with the cursor,
 * and only after the receiver has everything before it: a process that ends sends at most one group again.
 *
 * While a receiver is down, the route waits: it holds the current batch and the next one, and blocks no other
 * route.
 */
import type { Changes, Follower, Work } from '../follow/contract.ts'
import type { AddedFile } from '../lake/changes.ts'
import type { Engine } from '../lib/duckdb.ts'
import { concurrently } from '../lib/stream.ts'
import { ahead, batches, pacer } from './batches.ts'
import type { Delivery, Receiver, Refused, RowKey } from './contract.ts'
import { type OpenMasking, openMasking } from './masking.ts'
import { deliver, type Outage, settle } from './patience.ts'
import { openRecords, type Records } from './records.ts'
import type { Row, Scan } from './redact.ts'
import { matching, type Route, shapedTable } from './routes.ts'
import { hasRowTexts, rowsOf, rowTextsOf } from './rows.ts'
import type { OpenShape } from './shapes/contract.ts'
import { faultPoint } from './steps.ts'
import { deliverTables } from './tables.ts'

export interface DeliverOptions {
  /** loglake's version. */
  version: string
  /** Bytes of data files whose rows are sorted and sent together. */
  groupBytes: number
  /** How long one turn waits for the end of an outage; for ever by default. */
  patienceMs?: number | undefined
  /** Called before each group and batch: waits while the route is paused, or throws. */
  gate?(signal: AbortSignal): Promise<void>
  onOutage?(outage: Outage | undefined): void
  /** Called with the number of rows that the receiver took of a batch, and the batch's bytes. */
  onSent?(rows: number, bytes: number): void
  /** Replaces the scanners in tests. */
  scan?: Scan
  write?: (text: string) => Promise<void>
}

/** The name of a route's cursors. */
export function followerName(route: string): string {
  return `route-${route}`
}

export function routeFollower(route: Route, options: DeliverOptions): Follower {
  return {
    name: followerName(route.name),
    doc: `Sends rows of ${route.view?.name ?? route.table.name} to ${route.to}.`,
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
  const shape = await route.shape.open({ ...route, table: shapedTable(route), version: options.version })
  const masking = await openMasking(route, options.scan)
  const reading = await changes.engine.beside()
  await route.view?.prepare(reading)
  const records = await openRecords(changes.engine, route)
  let cursor: Work['cursor'] = {}
  try {
    for (const group of groups(files, options.groupBytes)) {
      await options.gate?.(changes.signal)
      const from = await changes.part(table, group)
      await sendGroup({ route, options, changes, receiver, shape, masking, reading, records }, from)
      cursor = { [table.name]: (group.at(-1) as AddedFile).position }
      faultPoint('group-delivered')
    }
  } catch (thrown) {
    // The groups before it are committed as delivered; the next turn begins with this one, and fails alone.
    if (Object.keys(cursor).length === 0) throw thrown
  } finally {
    reading.close()
    shape.close?.()
    masking.close()
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
  masking: OpenMasking
  reading: Engine
  records: Records
}

async function sendGroup(sending: Sending, from: string): Promise<void> {
  const { options, changes, receiver, records } = sending
  const patience = {
    signal: changes.signal,
    maxMs: options.patienceMs,
    ...(options.onOutage ? { onOutage: options.onOutage } : {}),
  }
  const { concurrency, rowsPerSecond } = sending.route
  const pace = pacer(rowsPerSecond)
  const made = ahead(prepared(receiver, batches(deliveries(sending, from), receiver.max)))
  async function sendOne(batch: Delivery[]): Promise<Refused[]> {
    await options.gate?.(changes.signal)
    await pace(batch.length, changes.signal)
    faultPoint('batch-made')
    const refused = await deliver(receiver, batch, patience)
    faultPoint('batch-sent')
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

async function* prepared(receiver: Receiver, made: AsyncIterable<Delivery[]>): AsyncGenerator<Delivery[]> {
  for await (const batch of made) {
    await receiver.prepare?.(batch)
    yield batch
  }
}

async function* deliveries(sending: Sending, from: string): AsyncGenerator<Delivery[]> {
  const { route, shape, masking, reading, records } = sending
  const { table, view, policy, where } = route
  if (policy.name === 'full' && shape.isAsRead && hasRowTexts(table)) {
    const texts = view
      ? rowTextsOf(reading, table, view.sentOf(from, where), 'true', {
          sent: view.definition.columns,
          beside: view.beside,
        })
      : rowTextsOf(reading, table, from, where)
    for await (const rows of texts)
      yield rows.map(({ text, name, time }) => ({
        id: `${table.name}/${name}`,
        table: table.name,
        time,
        text,
      }))
    return
  }
  const [added, condition] = view ? [matching(route, from), 'true'] : [from, where]
  for await (const rows of rowsOf(reading, table, added, condition)) {
    const kept: { row: Row; key: RowKey }[] = []
    for (const { key, row, maskings } of await masking.mask(rows)) {
      records.mask(key, maskings, row === undefined)
      if (row !== undefined) kept.push({ row, key })
    }
    yield await shapedRows(route, shape, kept)
  }
}

/** Shapes masked rows into what is sent. */
export async function shapedRows(
  route: Route,
  shape: OpenShape,
  rows: readonly { row: Row; key: RowKey }[],
): Promise<Delivery[]> {
  const made = await shape.shape(rows.map(({ row }) => row))
  return made.map(({ time, ...shaped }, at): Delivery => {
    const { key } = rows[at] as { key: RowKey }
    return {
      id: `${route.table.name}/${key.name}`,
      table: route.table.name,
      time: time ?? key.time,
      ...shaped,
    }
  })
}

/** Files in order, up to `max` bytes together; at least one. */
function* groups(files: readonly AddedFile[], max: number): Generator<AddedFile[]> {
  let group: AddedFile[] = []
  let bytes = 0
  for (const one of files) {
    if (group.length > 0 && bytes + one.file.bytes > max) {
      yield group
      group = []
      bytes = 0
    }
    group.push(one)
    bytes += one.file.bytes
  }
  if (group.length > 0) yield group
}
