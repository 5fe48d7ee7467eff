import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lakeTables, localStorage, openLake } from 'loglake'
import { beforeAll, describe, expect, test } from 'vitest'
import { byDays, daysOf } from '../../src/lake/days.ts'
import { eventOf } from '../faults/objects.ts'
import { freshFolder, loglake } from './program.ts'

// Small days of one run lie together in files that have no partition. Whatever a lake promises holds for them, too.
const place = freshFolder()
const lake = join(place, 'lake')
const DAYS = 400
const FIRST = Date.parse('2023-01-01')
const DAY_MS = 86_400_000

/** The events of a day, three in all; the same for the same day. */
const eventsOf = (day: number, from = 0, count = 3) =>
  Array.from({ length: count }, (_, index) => ({
    ...eventOf(`id-${day}-${from + index}`, from + index),
    eventTime: `${dateOf(day)}T0${index}:00:00Z`,
  }))

const dateOf = (day: number) => new Date(FIRST + day * DAY_MS).toISOString().slice(0, 10)

function put(name: string, records: object[]): string {
  const dir = join(place, name)
  mkdirSync(dir, { recursive: true })
  writeFileSync(join(dir, `${name}.json`), JSON.stringify({ Records: records }))
  return dir
}

async function ran(...args: string[]): Promise<string> {
  const { code, out, err } = await loglake([...args, '--lake', lake])
  expect([code, code === 0 ? '' : err]).toEqual([0, ''])
  return out
}

async function asked(sql: string): Promise<Record<string, unknown>[]> {
  return JSON.parse(await ran('query', sql, '--format', 'json'))
}

async function table(name = 'cloudtrail') {
  const found = await (await openLake(localStorage(lake), lakeTables).newest()).table(name)
  if (!found) throw new Error(`there is no table ${name}`)
  return found
}

const severalIn = async () =>
  (await (await table()).files()).filter(({ partition }) => Object.keys(partition).length === 0)

beforeAll(async () => {
  const dir = join(place, 'trail')
  mkdirSync(dir)
  for (let day = 0; day < DAYS; day++)
    writeFileSync(join(dir, `${dateOf(day)}.json`), JSON.stringify({ Records: eventsOf(day) }))
  await ran('ingest', dir)
})

test('a trail of many days makes few files, and a question for one day opens those that hold it', async () => {
  const all = await (await table()).files()
  expect(all.length).toBeLessThan(5)
  expect(await severalIn()).toHaveLength(all.length)
  expect((await (await table('ledger')).files()).length).toBeLessThan(5)
  const rows = await asked(`select eventid from cloudtrail where lake_day = '${dateOf(7)}' order by eventid`)
  expect(rows.map(({ eventid }) => eventid)).toEqual(['id-7-0', 'id-7-1', 'id-7-2'])
  const before = [{ column: 'lake_day', op: '<', value: '2023-01-01' }] as const
  expect(await (await table()).files([...before])).toEqual([])
  await ran('verify')
})

test('a repeat is found, wherever its copy lies: many days behind one, one behind many', async () => {
  const known = [...eventsOf(3), ...eventsOf(5)]
  const other = { ...eventsOf(9)[0], eventName: 'DeleteTrail' }
  const day = put('day', [...known, other, ...eventsOf(9, 3)])
  await ran('ingest', day)
  expect(await asked("select count(*)::int as n from cloudtrail where eventid like 'id-9-%'")).toEqual([
    { n: 6 },
  ])
  // Each of 100 days twice in one object, of which 50 days are there already.
  const many = Array.from({ length: 100 }, (_, index) => eventsOf(DAYS - 50 + index)).flat()
  await ran('ingest', put('many', [...many, ...many]))
  expect(
    await asked(
      `select count(*)::int as n, count(distinct eventid)::int as ids, count(distinct lake_day)::int as days from cloudtrail`,
    ),
  ).toEqual([{ n: DAYS * 3 + 3 + 150, ids: DAYS * 3 + 3 + 150, days: DAYS + 50 }])
  expect(
    await asked(
      'select sum(records_repeated)::int as n, sum(records_conflicting)::int as conflicts from ledger',
    ),
  ).toEqual([{ n: 6 + 150 + 300, conflicts: 1 }])
  await ran('verify')
})

test('followers count each row once', async () => {
  await ran('follow', '--once')
  const [raw] = await asked(
    'select count(*)::int as n, count(distinct lake_day)::int as days from cloudtrail',
  )
  expect(
    await asked('select sum(events)::int as n, count(distinct lake_day)::int as days from activity_10min'),
  ).toEqual([raw])
})

describe('after compaction', () => {
  beforeAll(async () => {
    await ran('compact')
  })

  test('the same rows lie in fewer files, of days that none of them shares', async () => {
    const { schema, files } = await table()
    const all = await files()
    expect(all.length).toBeLessThan(6)
    expect(byDays(all, (file) => daysOf(file, schema)).length).toBeGreaterThan(0)
    expect(
      await asked('select count(distinct eventid)::int as n, count(*)::int as rows from cloudtrail'),
    ).toEqual([{ n: DAYS * 3 + 153, rows: DAYS * 3 + 153 }])
    await ran('verify')
  })

  test('a repeat is found', async () => {
    await ran('ingest', put('again', eventsOf(77)))
    expect(await asked('select count(*)::int as rows from cloudtrail')).toEqual([{ rows: DAYS * 3 + 153 }])
  })

  test('rows of one object can be erased, and all others stay', async () => {
    await ran('erase', '--object', join(place, 'trail', `${dateOf(7)}.json`), '--reason', 'a test', '--yes')
    expect(await asked('select count(*)::int as rows from cloudtrail')).toEqual([{ rows: DAYS * 3 + 150 }])
    expect(await asked(`select count(*)::int as n from cloudtrail where lake_day = '${dateOf(7)}'`)).toEqual([
      { n: 0 },
    ])
    // The ledger's row of the object is written anew with those of other days.
    expect((await (await table('ledger')).files()).length).toBeLessThan(5)
    await ran('vacuum')
    await ran('verify')
  })
})
