import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Delivery } from '../../envelopes/contract.ts'
import type { PreparedType } from '../../logtypes/contract.ts'
import { openGroup } from './open.ts'
import { registryOf } from './registry.ts'

const folder = mkdtempSync(join(tmpdir(), 'open-'))
afterAll(() => rmSync(folder, { recursive: true }))

const has = (field: string) => (delivery: Delivery) => delivery.record?.[field] === true

/**
 * A log type that fails when a record asks for it: in recognition, in preparation, or on the way into
 * columns.
 */
const fragile: PreparedType = {
  kind: 'prepared',
  ...{ name: 'fragile', doc: 'One row per record.', id: 'id', time: 'time', sort: ['time'] },
  columns: [
    { name: 'time', type: 'timestamptz', doc: 'When.' },
    { name: 'id', type: 'string', doc: 'Its id.' },
  ],
  recognise(delivery) {
    if (has('unrecognisable')(delivery)) throw new TypeError('cannot tell what it is')
    return true
  },
  prepare(delivery) {
    if (has('unpreparable')(delivery)) throw new RangeError('Invalid time value')
    const row = { time: '2026-01-07T22:16:43Z', id: String(delivery.record?.id) }
    if (!has('unspoolable')(delivery)) return { kind: 'row', row }
    return {
      kind: 'row',
      row: Object.defineProperty({ ...row }, 'unmapped', {
        get() {
          throw new Error('cannot be read')
        },
        enumerable: false,
      }),
    }
  },
  queries: new URL('file:///none/'),
}

function open(...objects: object[][]) {
  const group = objects.map((records, serial) => ({
    ...{ serial, uri: `/logs/${serial}`, writtenMs: 0 },
    kind: 'bytes' as const,
    bytes: Buffer.from(JSON.stringify(records)),
  }))
  return openGroup({ objects: group, folder, maxBytes: 1 << 20, strictly: false }, registryOf([fragile]))
}

test.each([
  ['unrecognisable', 'reading it failed unexpectedly: TypeError, cannot tell what it is'],
  ['unpreparable', 'reading it failed unexpectedly: RangeError, Invalid time value'],
])('a record that is %s is rejected, and those beside it are not', (how, reason) => {
  const { objects } = open([{ id: 'a' }, { id: 'b', [how]: true }, { id: 'c' }], [{ id: 'd' }])
  expect(objects.map(({ read, spooled }) => [read, spooled])).toEqual([
    [3, 2],
    [1, 1],
  ])
  const [rejected] = objects[0]?.rejected ?? []
  expect(rejected).toMatchObject({ code: 'unexpected', reason, position: 1 })
  expect(JSON.parse(Buffer.from(rejected?.bytes ?? []).toString())).toEqual({ id: 'b', [how]: true })
})

test('an object whose records cannot be put into columns is opened again, record by record', () => {
  const { objects, spools } = open([{ id: 'a' }, { id: 'b', unspoolable: true }], [{ id: 'c' }])
  const [first, second] = objects
  expect(first).toMatchObject({ read: 2, spooled: 2, rejected: [] })
  // The object has another number, so the rows that it left in columns are ignored.
  expect(first?.serial).toBe(-1)
  expect(second).toMatchObject({ serial: 1, read: 1, spooled: 1 })
  expect(spools.map(({ format, serials }) => [format, serials]).sort()).toEqual([
    ['columns', [1]],
    ['json', [-1]],
  ])
})
