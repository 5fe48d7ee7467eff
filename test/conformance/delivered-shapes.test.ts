import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { folder, ingest, type Lake, lakeTables, localStorage, logTables, openLake } from 'loglake'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rehearse } from '../../src/deliver/dry-run.ts'
import { routeFollower, shapedRows } from '../../src/deliver/follower.ts'
import { type Row, redactor, type Scan } from '../../src/deliver/redact.ts'
import { shapes } from '../../src/deliver/shapes/index.ts'
import { deliverTables } from '../../src/deliver/tables.ts'
import { catchUp } from '../../src/follow/follow.ts'
import { followerTables } from '../../src/followers/index.ts'
import type { AppendedTable } from '../../src/lake/table.ts'
import { kindsOf } from '../../src/logtypes/contract.ts'
import { logTypes } from '../../src/logtypes/index.ts'
import { ask } from '../../src/query/question.ts'
import { treatmentOf } from '../../src/scan/index.ts'
import { findMarks, markedRow, routeOf, SECRET, tableCalled, witness } from './shaped.ts'

/** Schemas of OCSF 1.8.0 with their profiles, as schema.ocsf.io exports them (Apache-2.0). */
const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: false })
const schema = (name: string): ValidateFunction =>
  ajv.compile(JSON.parse(readFileSync(new URL(`./ocsf/${name}.json`, import.meta.url), 'utf8')))
const CLASSES: Readonly<Record<string, ValidateFunction>> = {
  '6003': schema('api_activity'),
  '6003 ai': schema('api_activity-ai'),
  '3002': schema('authentication'),
  '3001': schema('account_change'),
  '2004': schema('detection_finding'),
}

const root = mkdtempSync(join(tmpdir(), 'loglake-shapes-'))
const samples = fileURLToPath(new URL('../../samples/logs', import.meta.url))
const limits = { threads: 1, memory: '256MiB' }
let lake: Lake
beforeAll(async () => {
  lake = openLake(localStorage(join(root, 'lake')), [...lakeTables, ...deliverTables])
  await ingest(lake, folder([samples]), { threads: 1 })
})
afterAll(() => rmSync(root, { recursive: true }))

const options = { version: '0.0.0', groupBytes: 32 << 20 }

describe('events of OCSF', () => {
  it.each(['cloudtrail', 'bedrock_invocation', 'sagemaker_invocation', 'guardduty_finding'])(
    'of %s keep to the published schema of their class, as they are and masked',
    async (name) => {
      for (const policy of ['full', 'masked', 'metadata'] as const) {
        const taken: string[] = []
        const route = routeOf(tableCalled(name), 'ocsf', policy, witness(taken))
        route.name = `${name.replaceAll('_', '-')}-${policy}`
        await catchUp(lake, routeFollower(route, options), { limits })
        expect(taken.length).toBeGreaterThan(0)
        const seen = new Set<number>()
        for (const one of taken) {
          const event = JSON.parse(JSON.parse(one).text)
          seen.add(event.class_uid)
          const isAi = event.metadata.profiles.includes('ai_operation')
          const check = CLASSES[`${event.class_uid}${isAi ? ' ai' : ''}`] as ValidateFunction
          const isOne: boolean = check(event as object)
          if (!isOne)
            throw new Error(`${JSON.stringify(check.errors?.slice(0, 3))}\n${JSON.stringify(event)}`)
          expect(event.time).toBeGreaterThan(1_500_000_000_000)
        }
        if (name === 'cloudtrail') expect([...seen].toSorted()).toEqual([3001, 3002, 6003])
      }
    },
  )
})

it('a finding is a Detection Finding of the published schema', async () => {
  const [table] = followerTables.filter(({ name }) => name === 'finding') as [AppendedTable]
  const row: Row = {
    id: 'f1',
    time: '2026-01-07T22:16:43Z',
    rule: 'aws_stop_logging',
    rule_version: '1',
    severity: 'high',
    title: 'Logging was stopped',
    explanation: 'A trail was stopped.',
    actor: 'ada',
    account: '111122223333',
    region: 'eu-central-1',
    evidence: '[{"table":"cloudtrail","id":"x"}]',
    evidence_rows: 1,
  }
  for (const policy of ['full', 'masked', 'metadata'] as const) {
    const route = routeOf(table, 'ocsf', policy, witness([]))
    const open = await route.shape.open({ ...route, version: '0.0.0' })
    const masked = redactor(table, route.policy)(row).row as Row
    const [made] = await shapedRows(route, open, [{ row: masked, key: { id: 'f1', name: 'f1', time: 1 } }])
    const event = JSON.parse(made?.text ?? '')
    const isOne: boolean = (CLASSES['2004'] as ValidateFunction)(event as object)
    expect(isOne, JSON.stringify(CLASSES['2004']?.errors)).toBe(true)
    expect(event).toMatchObject({ class_uid: 2004, finding_info: { uid: 'f1' } })
    expect(event).toMatchObject({
      severity_id: 4,
      severity: 'High',
      finding_info: { title: 'Logging was stopped' },
    })
  }
})

describe("the pack's events", () => {
  it('have the time of the inference, and endpoint, prompt and response as fields', async () => {
    const taken: string[] = []
    const route = routeOf(tableCalled('sagemaker_invocation'), 'pack', 'full', witness(taken))
    await catchUp(lake, routeFollower(route, options), { limits })
    let prompts = 0
    for (const one of taken) {
      const { text, time } = JSON.parse(one)
      const event = JSON.parse(text)
      const inferred = event.eventMetadata?.inferenceTime
      if (inferred !== undefined) expect(time).toBe(Date.parse(inferred) / 1000)
      expect(event.endpoint).toEqual(expect.any(String))
      if (event.prompt && event.response) prompts++
    }
    expect(prompts).toBeGreaterThan(taken.length / 2)
  })

  it('have a field once that the record has of its own', async () => {
    const route = routeOf(tableCalled('sagemaker_invocation'), 'pack', 'full', witness([]))
    const open = await route.shape.open({ ...route, version: '0.0.0' })
    const row = {
      endpointname: 'mine',
      prompt: 'asked',
      completion: 'answered',
      unmapped: '{"prompt":"own"}',
    }
    const [made] = await open.shape([row])
    expect(made?.text.match(/"prompt":/g)).toHaveLength(1)
    expect(JSON.parse(made?.text ?? '')).toMatchObject({
      endpoint: 'mine',
      prompt: 'own',
      response: 'answered',
    })
  })
})

describe.each(logTables.map((table) => [table.name, table] as const))(
  'no marked value of %s leaves',
  (_, table) => {
    const columns = table.columns
    const whole = markedRow(columns)
    for (const policy of ['masked', 'metadata', 'drop'] as const) {
      for (const shape of shapes) {
        if (
          shape.whyNot(
            table,
            logTypes.find(({ name }) => name === table.name),
          ) !== undefined
        )
          continue
        it(`${policy}, as ${shape.name}`, async () => {
          const route = routeOf(table, shape.name, policy, witness([]))
          const { row, maskings } = redactor(table, route.policy, findMarks)(whole)
          const kept = columns.filter((column) => {
            const kinds = kindsOf(column as Parameters<typeof kindsOf>[0])
            return (
              treatmentOf(policy === 'drop' ? 'masked' : policy, { kinds, text: column.text as never }) ===
              'keep'
            )
          })
          // What a policy keeps is no text of people or outsiders; each other column says that it was masked.
          const texts = columns.filter(({ type }) => ['string', 'json', 'binary'].includes(type))
          const masked = new Set(maskings.map(({ column }) => column))
          for (const { name } of texts)
            if (!kept.some((one) => one.name === name)) expect(masked, name).toContain(name)
          expect(JSON.stringify(maskings)).not.toContain(SECRET)
          if (policy === 'drop') return expect(row).toBeUndefined()
          const open = await shape.open({ ...route, version: '0.0.0' })
          const key = { id: 'an-id', name: 'an-id', time: 1 }
          const [made] = await shapedRows(route, open, [{ row: row as Row, key }])
          open.close?.()
          const allowed = new Set(kept.map(({ name }) => `${SECRET}${name.replaceAll('_', 'x')}`))
          const sent = JSON.stringify(made)
          for (const [found] of sent.matchAll(/Zq7-marked-value-\w+/g)) expect(allowed).toContain(found)
          for (const [found] of sent.matchAll(/[A-Za-z0-9+/]{24,}={0,2}/g))
            expect(Buffer.from(found, 'base64').toString('latin1')).not.toContain(SECRET)
        })
      }
    }
  },
)

it('what is masked is masked in dead letters, answers and dry runs, and redaction says so without the value', async () => {
  const taken: string[] = []
  const table = tableCalled('bedrock_invocation')
  const route = routeOf(table, 'rows', 'masked', witness(taken, true))
  const findWords: Scan = (text) =>
    [...text.matchAll(/\b(the|of|is|a)\b/g)].map((found) => ({
      from: found.index,
      to: found.index + found[0].length,
      kind: 'personal',
      rule: 'WORD',
      score: 1,
      scanner: 'words',
      version: '7',
    }))
  await catchUp(lake, routeFollower(route, { ...options, scan: findWords }), { limits })
  const rehearsed = await rehearse(lake, route, { version: '0.0.0', max: 50, scan: findWords })
  const rows = async (question: string) => {
    const answer = await ask(lake, question, { views: [], limits })
    const found: unknown[][] = []
    for await (const row of answer.rows()) found.push(row)
    answer.close()
    return found
  }
  const undelivered = await rows('select event, answer from undelivered')
  expect(undelivered).toHaveLength(taken.length)
  const left = JSON.stringify([undelivered, rehearsed])
  expect(left).toContain('[WORD:')
  const prompts = taken.flatMap((one) => Object.entries(JSON.parse(JSON.parse(one).text) as Row))
  for (const [name, value] of prompts)
    if (['prompt', 'completion', 'system'].includes(name)) expect(value).not.toMatch(/\b(the|of|is|a)\b(?!:)/)
  for (const [event] of undelivered)
    expect(JSON.parse(String(event)).prompt ?? '').not.toMatch(/\b(the|of|is|a)\b/)
  const told = await rows(
    "select column_name, rule, rule_version, sum(spans), count(distinct row_id) from redaction where rule = 'words/WORD' group by all",
  )
  expect(told.map(([name]) => name)).toContain('prompt')
  expect(told.every(([, , version]) => version === '7')).toBe(true)
})
