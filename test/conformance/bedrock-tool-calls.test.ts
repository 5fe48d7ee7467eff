import { readFileSync, rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { literal } from '../../src/lib/sql.ts'
import { bedrockInvocation } from '../../src/logtypes/bedrock_invocation/index.ts'
import { fixturesOf } from './fixtures.ts'
import { type StoredObjects, storeFiles, writeFixtures } from './stored.ts'

/** The view over the fixtures' tool calls, and what the published regular expression finds of them. */

const VIEW = readFileSync('src/query/views/bedrock_tool_call.sql', 'utf8')
const PUBLISHED = '^(.*)({"input":{.*"type":"tool_use"})(.*)$'

let stored: StoredObjects
beforeAll(async () => {
  const folder = writeFixtures(fixturesOf(bedrockInvocation))
  stored = await storeFiles(bedrockInvocation, [folder])
  rmSync(folder, { recursive: true, force: true })
})
afterAll(() => stored.close())

const calls = async (which: string) =>
  (await stored.engine.objects(
    `select name, input::varchar as input, side, status, result::varchar as result, seen, turn::int as turn,
       invocations::int as invocations, requestid, result_requestid
     from (${VIEW}) where ${which} order by request_time, turn, name, tooluse_id`,
  )) as Record<string, unknown>[]

describe('each call once', () => {
  test('though it is sent again with the history, and with the result that came later', async () => {
    const agent = await calls("name in ('list_files_in_s3', 'read_file', 'delete_file') and seen = 'output'")
    const [first, second, third] = ['1', '2', '3'].map(
      (digit) => `7487ab04-734e-470b-8dfc-46d8d850000${digit}`,
    )
    expect(agent).toEqual([
      {
        ...{ name: 'list_files_in_s3', input: '{"bucket":"demo"}', side: 'client', seen: 'output' },
        ...{ status: 'success', result: '{"keys":["a.txt","b.txt"]}', turn: 1, invocations: 3 },
        ...{ requestid: first, result_requestid: second },
      },
      {
        ...{ name: 'delete_file', input: '{"bucket":"demo","key":"b.txt"}', side: 'client', seen: 'output' },
        ...{ status: 'error', result: '"AccessDenied"', turn: 3, invocations: 2 },
        ...{ requestid: second, result_requestid: third },
      },
      {
        ...{ name: 'read_file', input: '{"bucket":"demo","key":"a.txt"}', side: 'client', seen: 'output' },
        ...{ status: 'success', result: '"first line\\nsecond line"', turn: 3, invocations: 2 },
        ...{ requestid: second, result_requestid: third },
      },
    ])
  })

  test('and when only the history has it', async () => {
    const [call] = await calls("name = 'pay'")
    expect(call).toMatchObject({ seen: 'input', status: 'unknown', input: '{"to":"T1001"}' })
    expect(call?.requestid).toBe(call?.result_requestid)
  })

  test('in dialects without ids, and of models that count their calls', async () => {
    expect(await calls("name = 'query'")).toMatchObject([
      { seen: 'output', result: '[{"total":42}]', invocations: 2, turn: 1 },
    ])
    // `call_0` of one conversation; `tooluse_1` of another model is no other's.
    expect(await calls("name = 'get_weather'")).toMatchObject([
      { seen: 'output', status: 'unknown', result: '"4 degrees"', invocations: 2 },
      { seen: 'output', status: null, invocations: 1 },
    ])
  })

  test('also at the model’s side, and broken off', async () => {
    expect(await calls("side = 'server'")).toMatchObject([{ name: 'web_search', status: 'error', turn: 3 }])
    expect(await calls("name = 'Bash' and not json_valid(input ->> '$')")).toMatchObject([
      { input: '"{\\"command\\":"', status: null, result: null },
    ])
  })

  test('as many as the bodies hold, told by their ids', async () => {
    const [row] = await stored.engine.objects(`
      select count(*)::int as calls, count(distinct coalesce(tooluse_id, '') || conversation_id)::int as ids
      from (${VIEW}) where conversation_id is not null`)
    const ids = new Set<string>()
    for (const { rows } of stored.objects.values()) {
      for (const { tool_uses, conversation_id } of rows) {
        if (conversation_id === null) continue
        for (const { id = '' } of JSON.parse(String(tool_uses ?? '[]'))) ids.add(`${id}${conversation_id}`)
      }
    }
    expect(row).toEqual({ calls: ids.size, ids: ids.size })
    expect(ids.size).toBeGreaterThan(8)
  })
})

describe('the published regular expression', () => {
  const call = (id: string, bucket: string) => ({
    ...{ type: 'tool_use', id, name: 'list_files_in_s3', input: { bucket } },
  })
  const sorted = ({ type, id, name, input }: ReturnType<typeof call>) => ({ input, name, id, type })
  const found = async (messages: object[]) => {
    const [row] = await stored.engine.objects(
      `select regexp_extract(${literal(JSON.stringify(messages))}, ${literal(PUBLISHED)}, 2) as found`,
    )
    return String(row?.found)
  }
  const history = (...blocks: object[]) => [
    { role: 'user', content: 'List both' },
    { role: 'assistant', content: [{ type: 'text', text: 'Yes.' }, ...blocks] },
  ]
  const one = call('toolu_1', 'first')
  const two = call('toolu_2', 'second')

  test("finds no call in Anthropic's order of keys; the table has both", async () => {
    expect(await found(history(one, two))).toBe('')
    expect(parsed(history(one, two))).toEqual(['first', 'second'])
  })

  test('finds the last alone of several in the order it was written for; the table has both', async () => {
    const text = await found(history(sorted(one), sorted(two)))
    expect(text).toContain('second')
    expect(text).not.toContain('first')
    expect(parsed(history(sorted(one), sorted(two)))).toEqual(['first', 'second'])
  })

  test("finds none in Converse's dialect; the table has it", async () => {
    const converse = history({
      toolUse: { toolUseId: 'tooluse_1', name: 'list', input: { bucket: 'third' } },
    })
    expect(await found(converse)).toBe('')
    expect(parsed(converse)).toEqual(['third'])
  })

  /** The buckets of the calls in `tool_uses`. */
  function parsed(messages: object[]): string[] {
    const record = {
      ...{ schemaType: 'ModelInvocationLog', timestamp: '2026-01-07T22:20:01Z', modelId: 'm' },
      input: { inputBodyJson: { messages } },
    }
    const bytes = Buffer.from(JSON.stringify(record))
    const delivery = { bytes, record: JSON.parse(bytes.toString()), context: { uri: 'object', writtenMs: 0 } }
    const prepared = bedrockInvocation.prepare(delivery, new Map())
    const uses = prepared.kind === 'row' ? JSON.parse(String(prepared.row.tool_uses)) : []
    return uses.map(({ input }: { input: { bucket: string } }) => input.bucket)
  }
})
