import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBConnection } from '@duckdb/node-api'
import { folder, ingest, lakeTables, localStorage, openLake, openQueryEngine } from 'loglake'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

/** Staging fails wherever a record is, in a way that was not foreseen: no other record is lost by it. */

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'poison-'))
  mkdirSync(join(root, 'logs'))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(root, { recursive: true, force: true })
})

const event = (name: string) => ({
  ...{ eventVersion: '1.11', eventTime: '2026-01-07T22:16:43Z', eventSource: 's3.amazonaws.com' },
  ...{ eventName: name, awsRegion: 'us-east-1', eventID: `event-${name}` },
})
const point = (ModelId: string) => ({
  ...{ account_id: '111122223333', region: 'us-east-1', namespace: 'AWS/Bedrock', unit: 'Count' },
  ...{ metric_name: 'Invocations', dimensions: { ModelId }, timestamp: 1767824203000 },
  value: { max: 1, min: 1, sum: 1, count: 1 },
})

/** Fails for each COPY of a spool file that holds a word. */
function poison(word: string, failure: () => Error): void {
  const { start } = DuckDBConnection.prototype
  vi.spyOn(DuckDBConnection.prototype, 'start').mockImplementation(async function (
    this: DuckDBConnection,
    sql,
    ...others
  ) {
    const files = [...String(sql).matchAll(/'(\/[^']+\.(?:json|parquet))'/g)].map(([, file]) => file ?? '')
    const isPoisoned = files.some((file) => file.includes('loglake-') && readFileSync(file).includes(word))
    if (/^\s*(?:--[^\n]*\n\s*)*copy/i.test(sql) && isPoisoned) throw failure()
    return await start.call(this, sql, ...others)
  })
}

async function bringIn(objects: Record<string, object[]>) {
  for (const [name, records] of Object.entries(objects))
    writeFileSync(join(root, 'logs', name), JSON.stringify(records))
  const lake = openLake(localStorage(join(root, 'lake')), lakeTables)
  const totals = await ingest(lake, folder([join(root, 'logs')]), { threads: 1 })
  const queryEngine = await openQueryEngine(lake)
  const ask = async (question: string) => {
    const answer = await queryEngine.ask(question)
    const rows: unknown[] = []
    for await (const row of answer.rows()) rows.push(row)
    answer.close()
    return rows
  }
  try {
    return {
      totals,
      names: await ask('select eventname from cloudtrail order by all'),
      points: await ask('select modelid from cloudwatch_metric order by all'),
      rejects: await ask('select code, reason, position, decode(bytes) from reject order by all'),
      ledger: await ask(
        `select count(*)::int from ledger
         where records_read = records_stored + records_repeated + records_skipped + records_rejected`,
      ),
    }
  } finally {
    queryEngine.close()
  }
}

describe('a record that cannot be staged', () => {
  test('is rejected alone, in one object with others, of its own log type and another', async () => {
    poison('Cursed', () => new RangeError('Invalid time value "Cursed"'))
    const good = Array.from({ length: 5 }, (_, index) => event(`Good${index}`))
    const cursed = [event('Cursed1'), point('Cursed2')]
    const found = await bringIn({
      'a.json': [...good.slice(0, 2), ...cursed, point('fine'), event('Good2')],
      'b.json': [event('Good3')],
      'c.json': [point('other'), event('Good4')],
    })
    expect(found.totals.records).toEqual({
      read: 9,
      stored: 7,
      repeated: 0,
      conflicts: 0,
      skipped: 0,
      rejected: 2,
    })
    expect(found.names).toEqual(good.map(({ eventName }) => [eventName]))
    expect(found.points).toEqual([['fine'], ['other']])
    const reason = 'storing it failed unexpectedly: RangeError, Invalid time value'
    expect(found.rejects).toEqual([
      ['unexpected', reason, 2n, JSON.stringify(cursed[0])],
      ['unexpected', reason, 3n, JSON.stringify(cursed[1])],
    ])
    expect(found.ledger).toEqual([[3]])
  })

  test('is alone in its object', async () => {
    poison('Cursed', () => new Error('INTERNAL Error: what is this'))
    const found = await bringIn({ 'a.json': [event('Cursed')], 'b.json': [event('Good')] })
    expect(found.totals.objects).toMatchObject({ stored: 1, rejected: 1 })
    expect(found.names).toEqual([['Good']])
    expect(found.ledger).toEqual([[2]])
  })
})

test('where staging fails without any record, none is blamed', async () => {
  poison('', () => new Error('broken'))
  await expect(bringIn({ 'a.json': [event('Good')], 'b.json': [event('Other')] })).rejects.toThrow('broken')
})

test("the machine's failures are nobody's fault", async () => {
  poison('Cursed', () => Object.assign(new Error('no space'), { code: 'ENOSPC' }))
  await expect(bringIn({ 'a.json': [event('Cursed')], 'b.json': [event('Good')] })).rejects.toThrow('space')
})
