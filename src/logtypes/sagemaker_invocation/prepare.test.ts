import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { deliveryOf } from '../../envelopes/delivery.ts'
import { prepare } from './prepare.ts'

const fixtures = new URL('./fixtures/', import.meta.url)
const context = { uri: '/captures/file.jsonl', writtenMs: 0 }

type Sides = Record<string, { data?: unknown }>

/** The lines of all fixtures that are complete captures. */
const captures = readdirSync(fixtures)
  .filter((name) => name.endsWith('.jsonl') && name !== 'repeated-fields.jsonl')
  .flatMap((name) => readFileSync(new URL(name, fixtures), 'utf8').split('\n').filter(Boolean))

test('the data of each side is kept byte for byte', () => {
  expect(captures.length).toBeGreaterThan(50)
  for (const line of captures) {
    const prepared = prepare(deliveryOf(Buffer.from(line), context))
    const row = prepared.kind === 'row' ? prepared.row : {}
    const sides = (JSON.parse(line) as { captureData: Sides }).captureData
    for (const [side, { data }] of Object.entries(sides)) {
      const kept = row[`capturedata_${side.toLowerCase()}_data`]
      expect(kept).toBe(typeof data === 'string' ? data : undefined)
    }
  }
})

function idOf(capture: object, uri = context.uri): unknown {
  const prepared = prepare(deliveryOf(Buffer.from(JSON.stringify(capture)), { ...context, uri }))
  return prepared.kind === 'row' ? prepared.row.id : undefined
}

test('an id tells records of one event id apart, and not two copies of one', () => {
  const capture = (data: string, meta = {}) => ({
    captureData: { endpointInput: { mode: 'INPUT', data, encoding: 'CSV' } },
    eventMetadata: { eventId: 'e', inferenceTime: '2026-01-07T22:18:05Z', ...meta },
  })
  const key = (variant: string, hour = '22') => `s3://b/ep/${variant}/2026/01/07/${hour}/18-03-869-x.jsonl`
  const ids = [
    idOf(capture('1')),
    idOf(capture('2')),
    idOf(capture('1', { inferenceId: 'i' })),
    idOf(capture('1', { customAttributes: 'i' })),
    idOf(capture('1'), key('a')),
    idOf(capture('1'), key('b')),
  ]
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.every((id) => /^e-[0-9a-f]{16}$/.test(String(id)))).toBe(true)
  expect(idOf(capture('1'), key('a', '23'))).toBe(idOf(capture('1'), key('a')))
  expect(idOf({ ...capture('1'), eventVersion: '0' }, '/another/copy.jsonl')).toBe(ids[0])
})
