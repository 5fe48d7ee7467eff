import { test } from 'vitest'
import { mkdtempSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { tmpdir } from 'node:os'
import { folder, ingest, localStorage, logTables, openLake } from 'loglake'
import { makeHostile } from './hostile.ts'
import { makeObjects } from '../faults/objects.ts'
import { compact } from '../../src/lake/compact.ts'
import { rowsOf, ownFacts } from './facts.ts'
test('probe', async () => {
  const root = mkdtempSync(join(tmpdir(), 'interop probe-'))
  const lake = openLake(localStorage(join(root, 'lake')), logTables)
  console.log(await ingest(lake, folder(['samples/logs']), { threads: 1, batchObjects: 40 }))
  const d = join(root, 'in'); mkdirSync(d)
  makeObjects(d, { objects: 24, seed: 7 }); makeHostile(d)
  console.log(await ingest(lake, folder([d]), { threads: 1, batchObjects: 8 }))
  const v = await lake.newest()
  for (const t of ['cloudtrail', 'ledger', 'reject']) {
    const table = await v.table(t)
    const files = (await table!.files())
    console.log(t, files.length, files.map((f) => [f.partition.lake_day, f.records, f.bytes].join(':')).join(' '), table!.metadata.snapshots.length)
  }
  console.log(await rowsOf(lake, `select eventid, eventtime, eventname[:20], readonly, managementevent, requestparameters[:30] from cloudtrail where eventid like 'text%' or eventid like 'moment%'`))
  console.log(await rowsOf(lake, `select code, reason, lake_object, lake_day, octet_length(bytes) from reject`))
  console.log(await compact(lake, { targetBytes: 60_000 }))
  const t0 = Date.now()
  for (const def of lake.tables.values()) console.log((await ownFacts(lake, def, {distinct: ['lake_object'], sample: {column: 'lake_object', values: []}})).rows)
  console.log(Date.now() - t0)
})
