import { mkdtempSync, rmSync } from 'node:fs'
import { isIP } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { EcsFlat, EcsVersion } from '@elastic/ecs'
import { folder, ingest, type Lake, lakeTables, localStorage, logTables, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rehearse } from '../../src/deliver/dry-run.ts'
import { shapedRows } from '../../src/deliver/follower.ts'
import { deliverTables } from '../../src/deliver/tables.ts'
import { followerTables } from '../../src/followers/index.ts'
import type { AppendedTable } from '../../src/lake/table.ts'
import { markedRow, routeOf, witness } from './shaped.ts'

/** What the Elastic Common Schema says of a field, in the package that Elastic publishes it in. */
interface Field {
  type: string
  normalize: readonly string[]
  allowed_values?: readonly { name: string; expected_event_types?: readonly string[] }[]
}
const SCHEMA: Readonly<Record<string, Field>> = EcsFlat

const isText = (value: unknown) => typeof value === 'string' && value !== ''
const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  keyword: isText,
  match_only_text: isText,
  date: (value) => isText(value) && !Number.isNaN(Date.parse(String(value))),
  ip: (value) => isIP(String(value)) > 0,
  integer: (value) => Number.isInteger(value),
  long: (value) => Number.isInteger(value),
}

/** A document's fields by their whole name; `labels` is one field. */
function leaves(value: object, path = ''): [name: string, value: unknown][] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const name = `${path}${key}`
    const isObject = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
    return isObject && name !== 'labels' ? leaves(inner, `${name}.`) : [[name, inner]]
  })
}

/** What is wrong with a document by the schema. */
function faultsOf(document: object): string[] {
  const found = leaves(document)
  const faults = found.flatMap(([name, value]) => {
    const field = SCHEMA[name]
    if (!field) return [`${name} is no field`]
    if (name === 'labels')
      return Object.entries(value as object)
        .filter(([key, one]) => typeof one !== 'string' || key.includes('.'))
        .map(([key]) => `labels.${key} is no text`)
    const isList = field.normalize.includes('array')
    if (Array.isArray(value) !== isList) return [`${name} is ${isList ? '' : 'no '}list`]
    return [value].flat().flatMap((one) => {
      if (!TYPES[field.type]?.(one)) return [`${name} is no ${field.type}: ${String(one)}`]
      const isAllowed = field.allowed_values?.some((allowed) => allowed.name === one) ?? true
      return isAllowed ? [] : [`${name} may not be ${String(one)}`]
    })
  })
  for (const wanted of ['@timestamp', 'ecs.version', 'event.id', 'event.kind'])
    if (!found.some(([name]) => name === wanted)) faults.push(`${wanted} is missing`)
  const { category = [], type = [] } = (document as { event?: Record<string, string[]> }).event ?? {}
  for (const one of category) {
    const said = SCHEMA['event.category']?.allowed_values?.find(({ name }) => name === one)
    for (const kind of type)
      if (!said?.expected_event_types?.includes(kind)) faults.push(`${one} has no type ${kind}`)
  }
  return faults
}

it('the judge finds what is wrong', () => {
  const good = {
    '@timestamp': '2026-01-07T22:16:43Z',
    ecs: { version: EcsVersion },
    event: { id: '1', kind: 'event', category: ['api'], type: ['info'] },
  }
  expect(faultsOf(good)).toEqual([])
  expect(
    faultsOf({
      ...good,
      event: { ...good.event, kind: 'nonsense', type: ['indicator'], ingested: 'today' },
      source: { ip: 'example.com' },
      labels: { a: 1 },
      user: { nickname: 'x' },
      'gen_ai.usage.input_tokens': '7',
    }),
  ).toEqual([
    'event.kind may not be nonsense',
    'event.ingested is no date: today',
    'source.ip is no ip: example.com',
    'labels.a is no text',
    'user.nickname is no field',
    'gen_ai.usage.input_tokens is no integer: 7',
    'api has no type indicator',
  ])
})

const root = mkdtempSync(join(tmpdir(), 'loglake-ecs-'))
const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
let lake: Lake
beforeAll(async () => {
  lake = openLake(localStorage(join(root, 'lake')), [...lakeTables, ...deliverTables])
  await ingest(lake, folder([samples]), { threads: 1 })
})
afterAll(() => rmSync(root, { recursive: true }))

/** Tables that the samples have no rows of: theirs are made below. */
const WITHOUT_SAMPLES = ['finding', 'cloudwatch_log']
const findings = followerTables.filter(({ name }) => name === 'finding') as AppendedTable[]

describe.each([...logTables, ...findings].map((table) => [table.name, table] as const))(
  'documents of %s',
  (name, table) => {
    it('keep to the published schema, as they are and masked', async () => {
      for (const policy of ['full', 'masked', 'metadata'] as const) {
        const route = routeOf(table, 'ecs', policy, witness([]))
        const { examples } = await rehearse(lake, route, { version: '0.0.0', max: 2000 })
        if (!WITHOUT_SAMPLES.includes(name)) expect(examples.length).toBeGreaterThan(0)
        for (const { text } of examples) {
          const document = JSON.parse(text)
          expect(document.ecs.version).toBe(EcsVersion)
          expect(faultsOf(document), text).toEqual([])
        }
      }
    })

    it('hold every value of the row', async () => {
      const row = markedRow(table.columns)
      const route = routeOf(table, 'ecs', 'full', witness([]))
      const open = await route.shape.open({ ...route, version: '0.0.0' })
      const [made] = await shapedRows(route, open, [{ row, key: { id: 'an-id', name: 'an-id', time: 1 } }])
      const document = JSON.parse(made?.text ?? '')
      expect(faultsOf(document)).toEqual([])
      const held = new Set(leaves(document).map(([, value]) => String(value)))
      for (const value of Object.values(document.labels ?? {})) held.add(String(value))
      for (const [column, value] of Object.entries(row))
        if (column !== 'lake_day') expect(held, column).toContain(String(value))
    })
  },
)
