import { describe, expect, test } from 'vitest'
import { compileShape } from './compile.ts'
import { fits } from './fit.ts'
import type { Shape } from './shape.ts'
import type { JsonObject, JsonValue } from './values.ts'

const shape: Shape = {
  s: 'string',
  t: 'time',
  b: 'boolean',
  n: 'number',
  l: 'long',
  j: 'json',
  i: 'id',
  o: { s: 'string', deep: { t: 'time', j: 'json' } },
}
const compiled = compileShape({ shape, required: ['s', 't'], timeField: 't' })
const check = (text: string) => fits(Buffer.from(text), compiled)
const T = '"2026-01-07T22:16:43Z"'
const record = (more: string) => `{"s":"x","t":${T}${more && ','}${more}}`
const one = (more: string) => check(`[${record(more)}]`)

test('what the pass saw', () => {
  expect(check('[]')).toMatchObject({ records: 0, firstDay: 0, lastDay: 0 })
  const days = ['2026-01-09T00:00:00Z', '2025-12-31T23:59:59Z', '2026-01-07T00:00:00Z']
  const array = JSON.stringify(days.map((t) => ({ s: '', t })))
  expect(check(array)).toMatchObject({ records: 3, firstDay: 20251231, lastDay: 20260109 })
  // Only the record's own time counts.
  expect(one('"o":{"deep":{"t":"1999-01-01T00:00:00Z"}}')).toMatchObject({ firstDay: 20260107 })
})

describe('fits', () => {
  test.each([
    '',
    '"b":true',
    '"b":null,"n":null,"l":null,"j":null,"i":null,"o":null',
    '"n":-1.5e3',
    '"l":-123456789012345678',
    '"j":"text"',
    '"j":12',
    '"j":-0.5',
    '"j":false',
    '"j":{"any":[{"thing":"}]"},null,true,1e5]}',
    '"j":[]',
    '"j":{ "a" : [ 1 , 2 ] , "b":{} }',
    '"i":"two words"',
    '"i":"x"',
    '"o":{}',
    '"o":{"s":"q\\"\\\\","deep":{"t":"2024-02-29T23:59:59Z","j":[1]}}',
    ' "b" : false ',
  ])('%s', (more) => expect(one(more)).toMatchObject({ records: 1 }))
})

describe('does not fit', () => {
  test.each([
    '"unknown":1',
    '"S":"other case"',
    '"\\u0062":true',
    '"":1',
    '"b":"true"',
    '"b":0',
    '"n":"1"',
    '"n":true',
    '"n":NaN',
    '"l":1.5',
    '"l":1e3',
    '"l":1234567890123456789',
    '"l":-',
    '"j":NaN',
    '"j":-Infinity',
    '"j":nan',
    '"j":{"a":NaN}',
    '"j":[inf]',
    '"j":[nan]',
    '"j":{"a":1,}',
    '"j":[1, ]',
    '"j":',
    '"i":""',
    '"i":" x"',
    '"i":"x "',
    '"i":"x\\n"',
    '"i":"\\u0020x"',
    '"i":"\\u00a0"',
    '"i":"x\u00a0"',
    '"i":7',
    '"o":"text"',
    '"o":[]',
    '"o":{"unknown":1}',
    '"o":{"deep":{"t":"2026-01-07T22:16:43.5Z"}}',
    '"o":{"deep":{"t":"2026-02-29T00:00:00Z"}}',
    '"o":{"deep":{"t":"20260107T221643Z"}}',
    '"o":{"deep":{"t":1767824203}}',
    '"b":true,',
    '"b" true',
  ])('%s', (more) => expect(one(more)).toBeUndefined())

  test.each([
    '',
    '{}',
    '[',
    '[{}]',
    '[1]',
    '[null]',
    `[{"s":"x","t":null}]`,
    `[{"t":${T}}]`,
    `[${record('')}] x`,
    `[${record('')},]`,
    `[${record('')}${record('')}]`,
    `[,${record('')}]`,
  ])('as an array: %s', (text) => expect(check(text)).toBeUndefined())
})

test('every cut of an array is refused, and none of them loops or throws', () => {
  const whole = `[${record('"o":{"deep":{"j":{"a":["\\\\\\"",1.5,{}]}}},"b":true')}, ${record('"l":1')}]`
  expect(check(whole)).toBeDefined()
  for (let length = 0; length < whole.length; length++) expect(check(whole.slice(0, length))).toBeUndefined()
})

/** The same condition, evaluated on the parsed record. */
function holdsAll(value: JsonValue, node: Shape): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.entries(value).every(([field, inner]) => {
    const kind = Object.hasOwn(node, field) ? node[field] : undefined
    if (kind === undefined) return false
    if (inner === null || kind === 'json') return true
    if (typeof kind === 'object') return holdsAll(inner, kind)
    if (kind === 'time') return typeof inner === 'string' && isPlain(inner)
    if (kind === 'id')
      return typeof inner === 'string' && /^[!-~]([^"\\\p{Cc}]*[!-~])?$/u.test(inner) && !/["\\]/.test(inner)
    if (kind === 'long') return Number.isSafeInteger(inner)
    return typeof inner === kind
  })
}

function isPlain(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text)) return false
  const timestamp = new Date(text)
  return !Number.isNaN(timestamp.getTime()) && timestamp.toISOString().slice(0, 19) === text.slice(0, 19)
}

function isRecord(value: JsonValue): boolean {
  const { s, t } = value as JsonObject
  return holdsAll(value, shape) && typeof s === 'string' && typeof t === 'string'
}

describe('random records', () => {
  const random = generator(20260107)
  const pick = <X>(from: readonly X[]): X => from[Math.floor(random() * from.length)] as X

  const texts = ['', 'x', ' x', 'a"b\\c\n', '}]{[,:', 'é😀', 'lake_unmapped', '2026-01-07', 'null', '\u0000']
  const times = [
    '2026-01-07T22:16:43Z',
    '2026-01-07T22:16:43.1Z',
    '2026-02-30T00:00:00Z',
    '2024-02-29T23:59:59Z',
  ]
  const numbers = [0, -1, 1.5, 1e21, 123456789, 9007199254740991]
  const names = ['s', 't', 'b', 'n', 'l', 'j', 'i', 'o', 'deep', 'x', 'S', '', 'k"']

  function anything(depth: number): JsonValue {
    const roll = random()
    if (roll < 0.3) return pick(texts)
    if (roll < 0.45) return pick(times)
    if (roll < 0.6) return pick(numbers)
    if (roll < 0.7) return pick([true, false, null])
    if (depth > 3) return null
    const size = Math.floor(random() * 4)
    if (roll < 0.8) return Array.from({ length: size }, () => anything(depth + 1))
    return Object.fromEntries(Array.from({ length: size }, () => [pick(names), anything(depth + 1)]))
  }

  /** Mostly what the shape says, sometimes something else. */
  function likely(node: Shape): JsonObject {
    const made: JsonObject = {}
    for (const [field, kind] of Object.entries(node)) {
      const roll = random()
      if (roll < 0.2) continue
      if (roll < 0.23) made[field] = anything(0)
      else if (typeof kind === 'object') made[field] = likely(kind)
      else if (kind === 'json') made[field] = anything(0)
      else if (kind === 'string') made[field] = pick(texts)
      else if (kind === 'time') made[field] = pick([times[0] as string, times[3] as string])
      else if (kind === 'id') made[field] = pick(['a', 'a-b', 'two words'])
      else if (kind === 'boolean') made[field] = random() < 0.5
      else made[field] = kind === 'long' ? 42 : pick(numbers)
    }
    if (random() < 0.05) made[pick(names)] = anything(0)
    return made
  }

  test('fit exactly when the columns hold all of them', () => {
    let yes = 0
    for (let round = 0; round < 4000; round++) {
      const records = Array.from({ length: 1 + Math.floor(random() * 2) }, () => likely(shape))
      const text = JSON.stringify(records, null, random() < 0.3 ? 2 : 0)
      const fitting = check(text)
      expect(fitting !== undefined, text).toBe(records.every(isRecord))
      if (fitting) expect(fitting.records).toBe(records.length)
      if (fitting) yes++
    }
    expect(yes).toBeGreaterThan(500)
    expect(yes).toBeLessThan(3500)
  })

  test('damaged in any way never throw, never loop, and never fit with something left over', () => {
    const marks = [...'{}[]",:\\ntf10-e \n', '\u0000', 'é', '"s"', 'null', '}]']
    let yes = 0
    for (let round = 0; round < 20_000; round++) {
      let text = JSON.stringify([likely(shape)])
      for (let edits = 1 + Math.floor(random() * 3); edits > 0; edits--) {
        const at = Math.floor(random() * text.length)
        const cut = Math.floor(random() * 3)
        text = text.slice(0, at) + (random() < 0.6 ? pick(marks) : '') + text.slice(at + cut)
      }
      if (!check(text)) continue
      yes++
      const parsed = parse(text)
      // DuckDB refuses text that is not JSON.
      if (parsed !== undefined) expect((parsed as JsonValue[]).every(isRecord), text).toBe(true)
    }
    expect(yes).toBeGreaterThan(50)
  })

  test('bytes without any sense never throw and never loop', () => {
    for (let round = 0; round < 3000; round++) {
      const bytes = Uint8Array.from({ length: Math.floor(random() * 60) }, () => Math.floor(random() * 256))
      if (random() < 0.7) bytes.set(Buffer.from('[{"s":').subarray(0, bytes.length))
      fits(bytes, compiled)
    }
  })
})

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** mulberry32: the same sequence every time. */
function generator(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
