import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { logTypes } from '../../src/logtypes/index.ts'
import { type Counts, freshPlace, type Place } from './brought.ts'
import { DELIVERIES, type Form } from './deliveries.ts'

/** Every log type, whichever way its records come: what is delivered again is a repeat, what only claims to be is kept. */

let place: Place
beforeEach(() => {
  place = freshPlace()
})
afterEach(() => place.remove())

const bring: Place['bring'] = (...given) => place.bring(...given)
const rows: Place['rows'] = (question) => place.rows(question)
const expectSound = () => place.expectSound()

test('every log type has deliveries here', () => {
  expect(Object.keys(DELIVERIES).sort()).toEqual(logTypes.map(({ name }) => name).sort())
})

describe.each(logTypes.map(({ name }) => [name]))('%s', (name) => {
  const { record, forged, forms } = DELIVERIES[name] as (typeof DELIVERIES)[string]
  const [first] = Object.values(forms) as [Form, ...Form[]]
  const table = `select count(*)::integer as rows from ${name}`

  test('twice in one object', async () => {
    expect(await bring({ 'a.json': first([record, record]) })).toEqual({
      stored: 1,
      repeated: 1,
      conflicts: 0,
    })
    expect(await rows(table)).toEqual([{ rows: 1 }])
    await expectSound()
  })

  test('in two objects of one run', async () => {
    const object = first([record])
    // The same bytes under another name are the same object's; here the objects differ and the record does not.
    const counts = await bring({ 'a.json': object, 'b.json': `${object}\n` })
    expect(counts).toEqual({ stored: 1, repeated: 1, conflicts: 0 })
    await expectSound()
  })

  test('in two runs', async () => {
    expect(await bring({ 'a.json': first([record]) })).toEqual({ stored: 1, repeated: 0, conflicts: 0 })
    expect(await bring({ 'b.json': gzipSync(first([record])) })).toEqual({
      stored: 0,
      repeated: 1,
      conflicts: 0,
    })
    expect(await rows(table)).toEqual([{ rows: 1 }])
    await expectSound()
  })

  test.each([
    ['', Object.entries(forms)],
    [', backwards', Object.entries(forms).reverse()],
  ])('every way that it comes%s', async (_, ways) => {
    const counts: Record<string, Counts> = {}
    for (const [at, [way, form]] of ways.entries())
      counts[way] = await bring({ [`${at}.json`]: form([record]) })
    const repeat = { stored: 0, repeated: 1, conflicts: 0 }
    const wanted = ways.map(([way], at) => [way, at === 0 ? { ...repeat, stored: 1, repeated: 0 } : repeat])
    expect(counts).toEqual(Object.fromEntries(wanted))
    await expectSound()
  })

  test('that another writer brings while the commit is made', async () => {
    const meanwhile = { 'z.json': first([record]) }
    expect(await bring({ 'a.json': `${first([record])}\n` }, meanwhile)).toEqual({
      stored: 0,
      repeated: 1,
      conflicts: 0,
    })
    expect(await rows(table)).toEqual([{ rows: 1 }])
    await expectSound()
  })

  test('in an object that another writer brings while the commit is made', async () => {
    const object = first([record])
    expect(await bring({ 'a.json': object }, { 'a.json': object })).toEqual({
      stored: 0,
      repeated: 0,
      conflicts: 0,
    })
    expect(await rows(table)).toEqual([{ rows: 1 }])
    await expectSound()
  })

  describe('with other content', () => {
    test('that another writer brings while the commit is made', async () => {
      const meanwhile = { 'z.json': first([record]) }
      expect(await bring({ 'a.json': first([forged]) }, meanwhile)).toEqual({
        stored: 0,
        repeated: 0,
        conflicts: 1,
      })
      await expectKept(join(place.root, 'a.json'), join(place.root, 'z.json'))
    })

    test('in another run is kept, and never replaces the first', async () => {
      await bring({ 'a.json': first([record]) })
      const before = await rows(`select * from ${name}`)
      expect(await bring({ 'b.json': first([forged]) })).toEqual({ stored: 0, repeated: 0, conflicts: 1 })
      expect(await rows(`select * from ${name}`)).toEqual(before)
      await expectKept(join(place.root, 'b.json'), join(place.root, 'a.json'))
    })

    test('in another object of one run', async () => {
      const counts = await bring({ 'a.json': first([record]), 'b.json': first([forged]) })
      expect(counts).toEqual({ stored: 1, repeated: 0, conflicts: 1 })
      const [row] = await rows(`select lake_object from ${name}`)
      const kept = String(row?.lake_object)
      const other = kept.endsWith('a.json') ? 'b.json' : 'a.json'
      await expectKept(join(place.root, other), kept)
    })

    test('in one object', async () => {
      const counts = await bring({ 'a.json': first([record, forged, record, forged]) })
      expect(counts).toEqual({ stored: 1, repeated: 1, conflicts: 2 })
      await expectSound()
    })

    test('and again, each to its own', async () => {
      await bring({ 'a.json': first([forged]) })
      // What the lake has comes before what comes with it.
      const counts = await bring({ 'b.json': first([record]), 'c.json': first([forged]) })
      expect(counts).toEqual({ stored: 0, repeated: 1, conflicts: 1 })
      await expectKept(join(place.root, 'b.json'), join(place.root, 'a.json'), /^(?!.*mallory)/s)
    })

    async function expectKept(object: string, against: string, what = /mallory/): Promise<void> {
      const rejects = await rows('select code, lake_object, reason, decode(bytes) as bytes from reject')
      expect(rejects).toHaveLength(1)
      const [reject] = rejects
      expect(reject).toMatchObject({ code: 'conflict', lake_object: object })
      expect(reject?.reason).toContain(against)
      // Whole: what tells the two apart is in it, by the name of a column.
      const kept = JSON.parse(String(reject?.bytes)) as Record<string, string>
      const [column] = /another (\w+)/.exec(String(reject?.reason))?.slice(1) ?? []
      expect(column && kept[column], JSON.stringify(kept)).toBeTruthy()
      expect(JSON.stringify(kept)).toMatch(what)
      const ledger = `select records_rejected::integer as rejected, records_conflicting::integer as conflicting from ledger`
      expect(await rows(`${ledger} where lake_object like '%${object.slice(-6)}'`)).toEqual([
        { rejected: 1, conflicting: 1 },
      ])
      await expectSound()
    }
  })
})

describe('an object that is read again', () => {
  const { record, forged, forms } = DELIVERIES.cloudtrail as (typeof DELIVERIES)[string]
  const [file] = Object.values(forms) as [Form]
  const later = {
    ...record,
    eventID: '00000000-0000-4000-8000-000000000002',
    eventTime: '2026-01-07T12:00:00Z',
  }
  const NOON = BigInt(Date.parse('2026-01-07T12:00:00Z')) * 1000n
  const ledger = `select records_stored::int as stored, records_repeated::int as repeated, records_skipped::int as skipped,
    records_rejected::int as rejected, records_conflicting::int as conflicting from ledger`

  test('under another limit counts its own rows once, and not as repeats', async () => {
    const object = { 'a.json': file([record, later]) }
    expect(await bring(object, undefined, { until: NOON })).toEqual({ stored: 1, repeated: 0, conflicts: 0 })
    await bring(object, undefined, { until: NOON + 1n })
    const all = { stored: 2, repeated: 0, skipped: 0, rejected: 0, conflicting: 0 }
    expect(await rows(ledger)).toEqual([all])
    await expectSound()
  })

  test('under another limit keeps a conflict once', async () => {
    await bring({ 'a.json': file([record]) })
    const object = { 'b.json': file([forged, later]) }
    expect(await bring(object, undefined, { until: NOON })).toEqual({ stored: 0, repeated: 0, conflicts: 1 })
    await bring(object, undefined, { until: NOON + 1n })
    const both = { stored: 1, repeated: 0, skipped: 0, rejected: 1, conflicting: 1 }
    expect(await rows(`${ledger} where lake_object like '%b.json'`)).toEqual([both])
    expect(await rows('select count(*)::integer as rejects from reject')).toEqual([{ rejects: 1 }])
    await expectSound()
  })

  test('by another writer while the commit is made brings records without an id once', async () => {
    const { eventID: _, ...nameless } = record
    const object = { 'a.json': file([{ ...nameless, eventVersion: '1.0' }]) }
    // Another object of the same batch still has a commit to make.
    const both = { ...object, 'b.json': file([later]) }
    expect(await bring(both, object)).toEqual({ stored: 1, repeated: 0, conflicts: 0 })
    expect(await rows('select count(*)::integer as rows from cloudtrail')).toEqual([{ rows: 2 }])
    await expectSound()
  })

  test('by another writer while the commit is made is in the ledger once, though it has no records', async () => {
    const object = { 'a.json': '{"Records":[]}' }
    await bring({ ...object, 'b.json': '{"Records":[] }' }, object)
    expect(await rows('select count(*)::integer as objects from ledger')).toEqual([{ objects: 2 }])
    await expectSound()
  })

  test.each([
    ['repeats', record, { stored: 0, repeated: 1, conflicts: 0 }],
    ['contradicts', forged, { stored: 0, repeated: 0, conflicts: 1 }],
  ])(
    'what another writer brings after the lake was looked at is looked at too: it %s',
    async (_, own, counts) => {
      await bring({ 'a.json': file([later]) })
      expect(await bring({ 'b.json': file([own]) }, { 'c.json': file([record]) })).toEqual(counts)
      await expectSound()
    },
  )
})
