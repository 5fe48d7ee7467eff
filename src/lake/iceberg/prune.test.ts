import { expect, test } from 'vitest'
import { addedEntry, deletedEntry, existingEntry } from './manifest.ts'
import { describeManifest } from './manifest-list.ts'
import { createTable, currentSchema, currentSpec } from './metadata.ts'
import { type Comparison, manifestMayMatch, mayMatch, type Predicate } from './prune.ts'
import type { ColumnType, DataFile } from './types.ts'
import { compareBounds, fromBytes, toBytes, truncateLower, truncateUpper, type Value } from './value.ts'

const columns: [name: string, type: ColumnType][] = [
  ['lake_day', 'date'],
  ['eventtime', 'timestamptz'],
  ['eventid', 'string'],
  ['n', 'int'],
  ['tokens', 'long'],
  ['score', 'double'],
  ['ok', 'boolean'],
  ['raw', 'binary'],
]
const metadata = createTable({
  uuid: 'u',
  location: '/t',
  fields: columns.map(([name, type]) => ({ name, type })),
  partitionBy: 'lake_day',
  nowMs: 1,
})
const schema = currentSchema(metadata)
const spec = currentSpec(metadata)

type Row = Record<string, Value | null>

let seed = 42
function random(below: number): number {
  // mulberry32
  seed = (seed + 0x6d2b79f5) | 0
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
}

function oneOf<T>(choices: readonly T[]): T {
  return choices[random(choices.length)] as T
}

const letters = ['a', 'b', 'é', '\ud7ff', '\uffff', '😀', '\u{10ffff}']

/** Few distinct values and many edge cases, so that rows often match predicates. */
function randomValue(type: ColumnType): Value {
  switch (type) {
    case 'boolean':
      return random(2) === 1
    case 'int':
      return random(9) - 4
    case 'long':
      return oneOf([2n ** 62n, -(2n ** 63n), 2n ** 63n - 1n, BigInt(random(9) - 4)])
    case 'double':
      return oneOf([Number.NaN, -0, 0, 0.5, -1.5, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e300])
    case 'date':
      return `2024-03-0${1 + random(5)}`
    case 'timestamptz':
      return `2024-03-01T00:00:0${random(5)}.00000${random(3)}Z`
    case 'string':
      return Array.from({ length: random(4) }, () => oneOf(letters)).join('')
    case 'binary':
      return Uint8Array.from({ length: random(4) }, () => oneOf([0, 1, 254, 255]))
  }
}

/**
 * The metadata a writer might give for these rows: bounds often truncated or missing, counts sometimes
 * missing.
 */
function describe(rows: Row[]): DataFile {
  const day = rows[0]?.lake_day ?? null
  const file: DataFile = {
    path: 'x',
    format: 'PARQUET',
    partition: { lake_day: day === null ? null : Number(fromBytes('date', toBytes('date', day))) },
    records: rows.length,
    bytes: 1,
    nullCounts: new Map(),
    nanCounts: new Map(),
    lower: new Map(),
    upper: new Map(),
  }
  for (const { id, name, type } of schema.fields) {
    const values = rows.map((row) => row[name] ?? null)
    if (random(8) > 0) file.nullCounts?.set(id, values.filter((value) => value === null).length)
    if (type === 'double' && random(4) > 0) file.nanCounts?.set(id, values.filter(Number.isNaN).length)
    const bounds = values
      .filter((value) => value !== null && !Number.isNaN(value))
      .map((value) => toBytes(type, value as Value))
      .sort((a, b) => compareBounds(type, a, b))
    const [low, high] = [bounds.at(0), bounds.at(-1)]
    const length = 1 + random(3)
    if (low && random(8) > 0) file.lower.set(id, truncateLower(type, low, length))
    const raised = high && random(8) > 0 ? truncateUpper(type, high, length) : null
    if (raised) file.upper.set(id, raised)
  }
  return file
}

/** Compares as DuckDB does: NaN equals itself and is above every number; nothing compares with NULL. */
function compares(type: ColumnType, a: Value, op: Comparison, b: Value): boolean {
  let order: number
  if (type === 'double') {
    const [x, y] = [Number(a), Number(b)]
    if (Number.isNaN(x) || Number.isNaN(y)) order = Number(Number.isNaN(x)) - Number(Number.isNaN(y))
    else order = x < y ? -1 : x > y ? 1 : 0
  } else {
    order = compareBounds(type, toBytes(type, a), toBytes(type, b))
  }
  return { '=': order === 0, '<': order < 0, '<=': order <= 0, '>': order > 0, '>=': order >= 0 }[op]
}

function matches(row: Row, predicate: Predicate): boolean {
  const type = columns.find(([name]) => name === predicate.column)?.[1] as ColumnType
  const value = row[predicate.column] ?? null
  if (predicate.op === 'is null') return value === null
  if (value === null) return false
  if (predicate.op === 'is not null') return true
  if (predicate.op === 'has') return true
  if (predicate.op === 'in') return predicate.values.some((one) => compares(type, value, '=', one))
  return compares(type, value, predicate.op, predicate.value)
}

function randomPredicate(): Predicate {
  const [column, type] = oneOf(columns)
  const op = oneOf(['=', '<', '<=', '>', '>=', 'in', 'is null', 'is not null'] as const)
  if (op === 'is null' || op === 'is not null') return { column, op }
  if (op === 'in') return { column, op, values: Array.from({ length: random(4) }, () => randomValue(type)) }
  return { column, op, value: randomValue(type) }
}

function randomRows(): Row[] {
  const allNull = new Set(columns.map(([name]) => name).filter(() => random(6) === 0))
  const day = allNull.has('lake_day') ? null : randomValue('date')
  return Array.from({ length: 1 + random(4) }, () => {
    const row: Row = {}
    for (const [name, type] of columns)
      row[name] = allNull.has(name) || random(5) === 0 ? null : randomValue(type)
    row.lake_day = day
    return row
  })
}

test('no file that holds a match is ever pruned, and many others are', () => {
  let [pruned, kept, matching] = [0, 0, 0]
  for (let n = 0; n < 30_000; n++) {
    const rows = randomRows()
    const file = describe(rows)
    const predicates = Array.from({ length: 1 + random(2) }, randomPredicate)
    const has = rows.some((row) => predicates.every((predicate) => matches(row, predicate)))
    const may = mayMatch(file, schema, predicates, random(2) ? spec : null)
    if (has) {
      matching += 1
      expect(may, JSON.stringify([rows, predicates], printable)).toBe(true)
    } else if (may) kept += 1
    else pruned += 1
  }
  expect(matching).toBeGreaterThan(5000)
  expect(pruned).toBeGreaterThan(kept)
})

test('no manifest that lists a match is ever pruned, and many others are', () => {
  const [column] = ['lake_day'] as const
  let [pruned, matching] = [0, 0]
  for (let n = 0; n < 5000; n++) {
    const groups = Array.from({ length: 1 + random(3) }, randomRows)
    const entries = groups.map((rows) => addedEntry(describe(rows), 7))
    const manifest = describeManifest({ schema, spec, entries, snapshotId: 7 }, 'm', 1)
    const predicate = { ...randomPredicate(), column } as Predicate
    if ('value' in predicate) predicate.value = randomValue('date')
    if ('values' in predicate) predicate.values = predicate.values.map(() => randomValue('date'))
    const has = groups.flat().some((row) => matches(row, predicate))
    const may = manifestMayMatch(manifest, schema, spec, [predicate])
    if (has) {
      matching += 1
      expect(may, JSON.stringify([groups, predicate], printable)).toBe(true)
    } else if (!may) pruned += 1
  }
  expect(matching).toBeGreaterThan(1000)
  expect(pruned).toBeGreaterThan(1000)
})

function printable(_: string, value: unknown): unknown {
  return typeof value === 'bigint' || Object.is(value, -0) || Number.isNaN(value) ? String(value) : value
}

function fileWith(bounds: Partial<DataFile>): DataFile {
  const base: DataFile = {
    path: 'x',
    format: 'PARQUET',
    partition: {},
    records: 9,
    bytes: 1,
    lower: new Map(),
    upper: new Map(),
  }
  return { ...base, ...bounds }
}

const time = schema.fields[1]?.id as number
const text = schema.fields[2]?.id as number
const score = schema.fields[5]?.id as number
const hour = fileWith({
  lower: new Map([
    [time, toBytes('timestamptz', '2024-03-01T10:00:00Z')],
    [text, Buffer.from('arn:aws')],
  ]),
  upper: new Map([
    [time, toBytes('timestamptz', '2024-03-01T11:00:00.000001Z')],
    [text, Buffer.from('arn:awt')],
  ]),
})

const hourCases: [Predicate, boolean][] = [
  [{ column: 'eventtime', op: '<', value: '2024-03-01T10:00:00Z' }, false],
  [{ column: 'eventtime', op: '<=', value: '2024-03-01T10:00:00Z' }, true],
  [{ column: 'eventtime', op: '>', value: '2024-03-01T11:00:00.000001Z' }, false],
  [{ column: 'eventtime', op: '>', value: '2024-03-01 11:00:00+00' }, true],
  [{ column: 'eventtime', op: '=', value: 1709287200000000n }, true],
  [{ column: 'eventtime', op: '=', value: 1709287199999999n }, false],
  [{ column: 'eventtime', op: 'in', values: ['2024-03-02', '2024-02-01'] }, false],
  [{ column: 'eventtime', op: 'in', values: [] }, false],
  // Not a time, or not exactly one: the engine decides.
  [{ column: 'eventtime', op: '>', value: '2024-03-01T12:00:00.0000001Z' }, true],
  [{ column: 'eventtime', op: '>', value: 'tomorrow' }, true],
  [{ column: 'eventtime', op: '>', value: 5 }, true],
  [{ column: 'eventid', op: '=', value: 'arn:aws:iam::1' }, true],
  [{ column: 'eventid', op: '=', value: 'arn:awt:' }, false],
  [{ column: 'eventid', op: '>', value: 'arn:awt' }, false],
  [{ column: 'eventid', op: '=', value: '\ud83d' }, true],
  [{ column: 'eventid', op: 'is null' }, true],
  [{ column: 'nowhere', op: '=', value: 1 }, true],
]

test.each(hourCases)('%o: %s', (predicate, expected) => {
  expect(mayMatch(hour, schema, [predicate])).toBe(expected)
})

test('NaN lies outside of the bounds: only a count of none makes them good', () => {
  const bounds = {
    lower: new Map([[score, toBytes('double', 1)]]),
    upper: new Map([[score, toBytes('double', 2)]]),
  }
  const above: Predicate[] = [{ column: 'score', op: '>', value: 5 }]
  expect(mayMatch(fileWith(bounds), schema, above)).toBe(true)
  expect(mayMatch(fileWith({ ...bounds, nanCounts: new Map([[score, 1]]) }), schema, above)).toBe(true)
  expect(mayMatch(fileWith({ ...bounds, nanCounts: new Map([[score, 0]]) }), schema, above)).toBe(false)
})

test('counts of nulls', () => {
  const none = fileWith({ nullCounts: new Map([[text, 0]]) })
  expect(mayMatch(none, schema, [{ column: 'eventid', op: 'is null' }])).toBe(false)
  expect(mayMatch(none, schema, [{ column: 'eventid', op: 'is not null' }])).toBe(true)
  const all = fileWith({ nullCounts: new Map([[text, 9]]) })
  expect(mayMatch(all, schema, [{ column: 'eventid', op: 'is null' }])).toBe(true)
  expect(mayMatch(all, schema, [{ column: 'eventid', op: 'is not null' }])).toBe(false)
  expect(mayMatch(all, schema, [{ column: 'eventid', op: '<', value: 'z' }])).toBe(false)
})

test('a file that lacks a later column holds nulls there, and nothing is known of it', () => {
  for (const op of ['is null', 'is not null'] as const) {
    expect(mayMatch(fileWith({}), schema, [{ column: 'raw', op }])).toBe(true)
  }
})

test('a damaged bound prunes nothing', () => {
  const file = fileWith({
    lower: new Map([[time, Uint8Array.of(1)]]),
    upper: new Map([[time, Uint8Array.of(1)]]),
  })
  expect(mayMatch(file, schema, [{ column: 'eventtime', op: '=', value: '2024-01-01' }])).toBe(true)
})

test('the partition prunes where the file has no bounds, unless it is no plain value of the column', () => {
  const file = fileWith({ partition: { lake_day: 19783 } })
  const other: Predicate[] = [{ column: 'lake_day', op: '=', value: '2024-03-02' }]
  expect(mayMatch(file, schema, other)).toBe(true)
  expect(mayMatch(file, schema, other, spec)).toBe(false)
  expect(mayMatch(file, schema, [{ column: 'lake_day', op: 'is null' }], spec)).toBe(false)
  expect(
    mayMatch(
      fileWith({ partition: { lake_day: null } }),
      schema,
      [{ column: 'lake_day', op: 'is not null' }],
      spec,
    ),
  ).toBe(false)
  const bucketed = {
    'spec-id': 0,
    fields: spec.fields.map((field) => ({ ...field, transform: 'bucket[4]' })),
  }
  expect(mayMatch(file, schema, other, bucketed)).toBe(true)
})

test('a manifest without live files, or without summaries', () => {
  const added = {
    ...addedEntry(fileWith({ partition: { lake_day: 19783 } }), 7),
    sequenceNumber: 1,
    fileSequenceNumber: 1,
  }
  const gone = describeManifest({ schema, spec, entries: [deletedEntry(added, 8)], snapshotId: 8 }, 'm', 1)
  expect(manifestMayMatch(gone, schema, spec, [])).toBe(false)
  const kept = describeManifest({ schema, spec, entries: [existingEntry(added)], snapshotId: 8 }, 'm', 1)
  const other: Predicate[] = [{ column: 'lake_day', op: '>', value: '2024-03-01' }]
  expect(manifestMayMatch(kept, schema, spec, [])).toBe(true)
  expect(manifestMayMatch(kept, schema, spec, other)).toBe(false)
  expect(manifestMayMatch({ ...kept, partitions: null }, schema, spec, other)).toBe(true)
})
