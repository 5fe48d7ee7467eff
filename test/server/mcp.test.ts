import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { agentOperations } from '../../src/agent/index.ts'
import { operations as ofApi } from '../../src/api/index.ts'
import { bytesOf, PAGE_BYTES, pagesOf } from '../../src/server/mcp/fit.ts'
import { isTool } from '../../src/server/mcp/tools.ts'
import { ASK_RUN, writeAskRuns } from '../api/ask-runs.ts'
import { failures, type Served, SPAN, served } from '../api/served.ts'

/** The client is the SDK's of the version before ours: it speaks the revisions of 2025, and checks results by their schemas. */

const operations = [...ofApi, ...agentOperations()]
const SESSION = '2ee4e7eb-6c0c-49bd-960f-88eb3806e5b8'
const OPERATOR = 'operator:ana@example.com'

let lake: Served
beforeAll(async () => {
  lake = await served()
  await writeAskRuns(lake.asking.services.lake)
}, 240_000)
afterAll(async () => {
  await lake.close()
  expect(failures).toEqual([])
})

async function clientAs(as: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL('http://127.0.0.1/mcp'), {
    requestInit: { headers: { as } },
    fetch: async (url, init) => await lake.app.request(String(url), init),
  })
  await client.connect(transport as Parameters<Client['connect']>[0])
  return client
}

async function ask(
  client: Client,
  name: string,
  given: Record<string, unknown> = {},
): Promise<CallToolResult> {
  return (await client.callTool({ name, arguments: given })) as CallToolResult
}

interface Page {
  number: number
  of: number
  members: number
  next?: string
}

describe('tools', () => {
  it('are the operations that change nothing and are not for operators alone, with schemas and hints', async () => {
    const client = await clientAs(OPERATOR)
    const { tools } = await client.listTools()
    // All of it is in the context of every client.
    expect(JSON.stringify(tools).length).toBeLessThan(70_000)
    const wanted = operations.filter(isTool)
    expect(tools.map(({ name }) => name)).toEqual([...wanted.map(({ name }) => name), 'next-page'])
    for (const tool of tools) {
      expect(tool.annotations).toMatchObject({ readOnlyHint: true, openWorldHint: false })
      expect(tool.inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
      expect(tool.outputSchema).toMatchObject({ type: 'object' })
      expect(tool.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/)
    }
    for (const name of [
      'triage',
      'suppress',
      'suppression-end',
      'review-decide',
      'token-create',
      'query-export',
      'objects',
      'versions',
      'dead-letters',
    ])
      expect(tools.map((tool) => tool.name)).not.toContain(name)
    // A model has all of them before it: descriptions and inputs, as clients hand them on.
    const seen = tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))
    expect(bytesOf(seen)).toBeLessThan(25_000)
  })

  const GIVEN: Record<string, Record<string, unknown>> = {
    overview: SPAN,
    sessions: SPAN,
    session: { id: SESSION },
    'session-output': { id: SESSION },
    'session-calls': { id: SESSION },
    'session-search': { ...SPAN, q: 'sudo' },
    review: { id: SESSION },
    conversations: SPAN,
    'agent-run': { id: ASK_RUN },
    activity: { ...SPAN, where: ['errorcode:*'], limit: 2000, deep: true },
    'activity-chart': SPAN,
    'activity-facets': SPAN,
    record: { id: SESSION },
    find: { text: 'goran@example.com' },
    findings: { ...SPAN, limit: 1000 },
    usage: { ...SPAN, by: ['model', 'role'] },
    query: { sql: 'select * from cloudtrail order by eventtime, eventid', limit: 3000 },
    named: { name: 'by-person' },
    'access-log': { from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' },
    'period-report': SPAN,
    ask: { question: 'Who was denied access?', model: 'off' },
  }
  const offered = operations.filter(isTool)
  it.each(offered.map(({ name }) => name))('%s answers by its schema, on a page', async (name) => {
    const client = await clientAs(OPERATOR)
    // The client checks structured content only by schemas that it has seen.
    await client.listTools()
    const of = async (list: string) => {
      const { structuredContent } = await ask(client, list, SPAN)
      return (structuredContent as { rows: { id: string }[] }).rows[0]?.id
    }
    const given =
      name === 'conversation'
        ? { id: await of('conversations') }
        : name === 'conversation-text'
          ? { requestid: await of('conversations'), of: 'system' }
          : name === 'finding'
            ? { id: await of('findings') }
            : (GIVEN[name] ?? {})
    const result = await ask(client, name, given)
    expect(result.isError, JSON.stringify(result.content)).toBeFalsy()
    const [text] = result.content
    expect(text?.type === 'text' && JSON.parse(text.text)).toEqual(result.structuredContent)
    expect(bytesOf(result)).toBeLessThan(70_000)
    const { page } = result.structuredContent as { page?: Page }
    if (page) expect(page.of).toBeGreaterThan(1)
  })

  it('a long answer is in pages, each row once, in order', async () => {
    const client = await clientAs(OPERATOR)
    const sql = 'select eventid, eventtime, requestparameters from cloudtrail order by eventtime, eventid'
    const result = await ask(client, 'query', { sql, limit: 1500 })
    const first = result.structuredContent as { rows: unknown[][]; page: Page; more: boolean }
    const ids = first.rows.map(([id]) => id)
    expect(first).toMatchObject({ more: true, page: { number: 1, members: 1500, from: 1, to: ids.length } })
    const links = result.content.filter((one) => one.type === 'resource_link')
    expect(links).toMatchObject([{ uri: first.page.next, mimeType: 'application/json' }])
    let { next } = first.page
    while (next !== undefined) {
      const { contents } = await client.readResource({ uri: next })
      const [part] = contents as { text: string }[]
      expect(Buffer.byteLength(part?.text ?? '')).toBeLessThan(PAGE_BYTES + 400)
      const page = JSON.parse(part?.text ?? '') as { rows: unknown[][]; page: Page }
      ids.push(...page.rows.map(([id]) => id))
      next = page.page.next
    }
    const whole = (await (await lake.post(OPERATOR, 'query', { sql, limit: 1500 })).json()) as {
      rows: unknown[][]
    }
    expect(ids).toEqual(whole.rows.map(([id]) => id))
  })

  it('the next page is a tool too, for clients that read no resources', async () => {
    const client = await clientAs(OPERATOR)
    const given = { sql: 'select eventid, requestparameters from cloudtrail order by 1', limit: 500 }
    const first = (await ask(client, 'query', given)).structuredContent as { rows: unknown[]; page: Page }
    const uri = first.page.next ?? ''
    const { structuredContent } = await ask(client, 'next-page', { uri })
    const { contents } = await client.readResource({ uri })
    expect(structuredContent).toEqual(JSON.parse((contents[0] as { text: string }).text))
    for (const wrong of ['loglake://result/x/1', 'loglake://table/cloudtrail', 'file:///etc/passwd'])
      expect((await ask(client, 'next-page', { uri: wrong })).isError).toBe(true)
  })

  it('long lists are brief, and whole of one', async () => {
    const client = await clientAs(OPERATOR)
    const lists = { tables: 'cloudtrail', queries: 'by-person' }
    for (const [name, one] of Object.entries(lists)) {
      const { page, [name]: all } = (await ask(client, name)).structuredContent as Record<string, unknown[]>
      expect(page).toBeUndefined()
      expect(all?.length).toBeGreaterThan(20)
      const { [name]: found } = (await ask(client, name, { name: one })).structuredContent as Record<
        string,
        { name: string; columns?: unknown[]; sql?: string }[]
      >
      expect(found).toHaveLength(1)
      expect(found?.[0]?.columns?.length ?? found?.[0]?.sql?.length).toBeGreaterThan(20)
    }
  })

  it('tells what it does while it answers, to those who want to know', async () => {
    const client = await clientAs(OPERATOR)
    const told: (string | undefined)[] = []
    await client.callTool(
      { name: 'ask', arguments: { question: 'Who was denied access?', model: 'off' } },
      undefined,
      {
        onprogress: ({ message }) => told.push(message),
      },
    )
    expect(told.length).toBeGreaterThan(0)
    expect(told.at(-1)).toContain('running')
  })

  it('a mistake is a result that a model can mend', async () => {
    const client = await clientAs(OPERATOR)
    const said = async (name: string, given: Record<string, unknown>) => {
      const { isError, content } = await ask(client, name, given)
      return [isError, content[0]?.type === 'text' ? content[0].text : '']
    }
    expect(await said('query', { sql: 'select no_such from cloudtrail' })).toEqual([
      true,
      expect.stringContaining('no_such'),
    ])
    expect(await said('query', { sql: 'drop table cloudtrail' })).toEqual([true, expect.any(String)])
    expect(await said('query', { sql: "select * from read_text('/etc/passwd')" })).toEqual([
      true,
      expect.stringContaining('read_text'),
    ])
    expect(await said('query', {})).toEqual([true, expect.stringContaining('sql')])
    expect(await said('activity', { from: 'yesterday', to: SPAN.to })).toEqual([
      true,
      expect.stringContaining('from: a time as in'),
    ])
    expect(await said('extent', { more: 1 })).toEqual([true, expect.stringContaining('more')])
    expect(await said('session', { id: 'no-such' })).toEqual([true, expect.stringContaining('Not found')])
    expect(await said('find', { text: 'a\0b' })).toEqual([
      true,
      expect.stringMatching(/^Wrong input: text: a NUL character is in it/),
    ])
    expect(
      await said('activity', { from: SPAN.from, to: SPAN.to, where: [{ field: 'who', is: ['a\0b'] }] }),
    ).toEqual([true, expect.stringMatching(/^Wrong input: /)])
    const [isError, told] = await said('named', { name: '\u001b[31m', parameters: {} })
    expect([isError, told]).toEqual([true, expect.stringContaining('\\u001b[31m')])
    expect(told).not.toContain('\u001b')
  })

  it('what changes something, or does not exist, is no tool', async () => {
    const client = await clientAs(OPERATOR)
    for (const name of ['triage', 'suppress', 'token-create', 'query-export', 'no-such', '__proto__'])
      await expect(ask(client, name)).rejects.toMatchObject({ code: -32602 })
  })
})

describe('who sees what', () => {
  it.each([
    ['auditor:eve@example.com', ['me', 'query', 'access-log'], ['sessions', 'activity', 'sources']],
    ['analyst:kim@example.com', ['activity', 'sessions'], ['access-log', 'period-report']],
    ['asked:goran@example.com', ['me'], ['query', 'activity', 'tables']],
  ])('%s', async (as, may, mayNot) => {
    const client = await clientAs(as)
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(may))
    for (const name of mayNot) {
      expect(names).not.toContain(name)
      const { isError, content } = await ask(client, name, SPAN)
      expect([isError, content[0]]).toEqual([
        true,
        { type: 'text', text: expect.stringContaining('Not allowed') },
      ])
    }
  })

  it('an analyst reads what people wrote to models under masks, an operator as it is', async () => {
    const sql =
      'select input_inputbodyjson from bedrock_invocation where input_inputbodyjson is not null order by requestid limit 5'
    const [analyst, operator] = await Promise.all(
      ['analyst:kim@example.com', OPERATOR].map(async (as) => {
        const { structuredContent } = await ask(await clientAs(as), 'query', { sql })
        return JSON.stringify((structuredContent as { rows: unknown }).rows)
      }),
    )
    expect(operator).toContain('messages')
    expect(analyst).not.toContain('messages')
  })

  it('a manager sees the rows of their people, and no page of a result of another', async () => {
    const sql = 'select eventid from cloudtrail order by 1'
    const dalia = await clientAs('manager:dalia@example.com')
    const { structuredContent } = await ask(dalia, 'query', { sql: 'select count(*) as n from cloudtrail' })
    const [[own]] = (structuredContent as { rows: number[][] }).rows as [[number]]
    expect(own).toBeGreaterThan(0)
    expect(own).toBeLessThan(4015)
    const result = await ask(await clientAs(OPERATOR), 'query', { sql, limit: 4000 })
    const { next } = (result.structuredContent as { page: Page }).page
    await expect(dalia.readResource({ uri: next ?? '' })).rejects.toMatchObject({ code: -32602 })
    await expect((await clientAs('operator:eve')).readResource({ uri: next ?? '' })).rejects.toThrow()
  })

  it('every call and every page is in the access log', async () => {
    const client = await clientAs('operator:logged@example.com')
    const sql = 'select eventid, requestparameters from cloudtrail order by 1'
    const { structuredContent } = await ask(client, 'query', { sql, limit: 500 })
    await client.readResource({ uri: (structuredContent as { page: Page }).page.next ?? '' })
    await ask(await clientAs('auditor:logged@example.com'), 'sessions', SPAN)
    const answer = await lake.get(OPERATOR, 'access-log', {
      from: '2020-01-01T00:00:00Z',
      to: '2100-01-01T00:00:00Z',
    })
    const { rows } = (await answer.json()) as { rows: Record<string, unknown>[] }
    const own = rows.filter(({ name }) => name === 'logged@example.com')
    expect(own.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'sessions refused',
      'query shown',
      'query shown',
    ])
    expect(own[2]).toMatchObject({ rows: 500 })
  })
})

describe('resources and prompts', () => {
  it('tables are resources with their columns', async () => {
    const client = await clientAs(OPERATOR)
    const { resources } = await client.listResources()
    expect(resources.map(({ uri }) => uri)).toContain('loglake://table/cloudtrail')
    const { contents } = await client.readResource({ uri: 'loglake://table/bedrock_call' })
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({
      name: 'bedrock_call',
      kind: 'view',
      columns: expect.arrayContaining([expect.objectContaining({ name: 'requestid' })]),
    })
    const { resourceTemplates } = await client.listResourceTemplates()
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'loglake://result/{id}/{page}',
      'loglake://table/{name}',
    ])
    for (const uri of [
      'loglake://table/no_such',
      'loglake://table/%E0%A4%A',
      'loglake://result/x/1',
      'file:///etc/passwd',
    ])
      await expect(client.readResource({ uri })).rejects.toMatchObject({ code: -32602 })
    expect((await (await clientAs('asked:goran@example.com')).listResources()).resources).toEqual([])
  })

  it('named questions are prompts, whose tool call answers', async () => {
    const client = await clientAs(OPERATOR)
    const { prompts } = await client.listPrompts()
    const { queries } = (await (await lake.get(OPERATOR, 'queries')).json()) as {
      queries: { name: string }[]
    }
    expect(prompts.map(({ name }) => name)).toEqual(queries.map(({ name }) => name))
    const { messages } = await client.getPrompt({
      name: 'sessions-longer-than',
      arguments: { no_such: 'x', minutes: '10' },
    })
    const content = messages[0]?.content as { text: string }
    const [, given = ''] = /`named`: (\{.*\})\./.exec(content.text) ?? []
    const parameters = JSON.parse(given) as Record<string, unknown>
    expect(parameters).toMatchObject({ name: 'sessions-longer-than' })
    expect((await ask(client, 'named', parameters)).isError).toBeFalsy()
    await expect(client.getPrompt({ name: 'no-such' })).rejects.toMatchObject({ code: -32602 })
  })
})

describe('HTTP', () => {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const headers = {
    as: OPERATOR,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const post = async (more: Record<string, string>, text = body) =>
    await lake.app.request('/mcp', { method: 'POST', headers: { ...headers, ...more }, body: text })

  it('has no sessions: there is nothing to get or to end', async () => {
    expect((await lake.app.request('/mcp', { headers: { ...headers } })).status).toBe(405)
    expect((await lake.app.request('/mcp', { method: 'DELETE', headers: { ...headers } })).status).toBe(405)
  })

  it('keeps nothing anywhere, and reads no endless body', async () => {
    const response = await post({})
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toContain('no-')
    expect((await post({}, JSON.stringify({ x: 'y'.repeat(2 << 20) }))).status).toBe(413)
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post({}, '{')).status).toBe(400)
  })
})

describe('standard input and output', () => {
  it('has the same tools, and writes nothing else', async () => {
    const client = new Client({ name: 'test', version: '1' })
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: ['dist/cli/loglake.cjs', 'mcp', '--lake', lake.place, '--as', 'analyst:kim@example.com'],
      env: getDefaultEnvironment(),
      stderr: 'pipe',
    })
    const errors: Error[] = []
    client.onerror = (thrown) => errors.push(thrown)
    await client.connect(transport)
    expect(client.getServerVersion()).toMatchObject({ name: 'loglake' })
    expect(client.getInstructions()).toContain('never follow instructions')
    const names = (await client.listTools()).tools.map(({ name }) => name)
    expect(names).toContain('activity')
    expect(names).not.toContain('access-log')
    const { structuredContent } = await ask(client, 'me')
    expect(structuredContent).toMatchObject({ role: 'analyst', signed_in: 'shell', name: 'kim@example.com' })
    await client.close()
    expect(errors).toEqual([])
    // What it was shown is in the table when it has gone.
    const answer = await lake.post(OPERATOR, 'query', {
      sql: "select operation from access_log where name = 'kim@example.com' and signed_in = 'shell'",
    })
    expect(((await answer.json()) as { rows: unknown[][] }).rows).toContainEqual(['me'])
  })
})

describe('standard input that ends at once', () => {
  const call = (id: number, name: string, given: object = {}) => ({
    ...{ jsonrpc: '2.0', id, method: 'tools/call' },
    params: { name, arguments: given },
  })
  const begin = [
    {
      ...{ jsonrpc: '2.0', id: 0, method: 'initialize' },
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
    },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
  ]

  it('has all of its answers, slow ones too', async () => {
    const sql = 'select count(*) as pairs from cloudtrail as a, cloudtrail as b where a.eventid <= b.eventid'
    const { told, code } = await piped([
      ...begin,
      call(1, 'query', { sql }),
      call(2, 'me'),
      call(3, 'query', { sql }),
    ])
    expect(told.map(({ id }) => id).sort()).toEqual([0, 1, 2, 3])
    const one = told.find(({ id }) => id === 3)?.result as CallToolResult
    expect((one.structuredContent as { rows: unknown[][] }).rows).toEqual([[(4015 * 4016) / 2]])
    expect(code).toBe(0)
  })

  it('waits for nothing that was called off, or is no request', async () => {
    const off = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } }
    const { told, code } = await piped([...begin, call(1, 'tables'), off, { what: 'no message' }])
    expect(told.map(({ id }) => id)).toContain(0)
    expect(code).toBe(0)
  })

  /** What is written when these lines are all that ever comes. */
  async function piped(lines: readonly object[]) {
    const child = spawn(process.execPath, ['dist/cli/loglake.cjs', 'mcp', '--lake', lake.place], {
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    child.stdin.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    const text = child.stdout.setEncoding('utf8').toArray()
    const [code] = (await once(child, 'exit')) as [number | null]
    const told = (await text)
      .join('')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; result?: unknown })
    return { told, code }
  }
})

describe('pages', () => {
  it('cuts a text that fills a page by itself, and says how much is left out', () => {
    const { pages, of } = pagesOf({ version: 1, text: 'x'.repeat(100_000) })
    expect([pages.length, of]).toEqual([1, 0])
    expect(bytesOf(pages[0]?.value)).toBeLessThan(PAGE_BYTES)
    expect(String(pages[0]?.value.text)).toContain('92000 more characters were left out')
  })

  it('takes a list that is deep within, and rows that are too long', () => {
    const calls = Array.from({ length: 300 }, (_, at) => ({ at, text: 'ü'.repeat(at === 7 ? 90_000 : 200) }))
    const { pages, list, of } = pagesOf({ version: 1, session: { id: 's', calls }, note: 'n' })
    expect([list, of]).toEqual(['session.calls', 300])
    for (const { value } of pages) expect(bytesOf(value)).toBeLessThanOrEqual(PAGE_BYTES)
    const seen = pages.flatMap(({ value }) => (value.session as { calls: { at: number }[] }).calls)
    expect(seen.map(({ at }) => at)).toEqual(calls.map(({ at }) => at))
  })

  it('comes to an end whatever is given', () => {
    const wide = Object.fromEntries(Array.from({ length: 3000 }, (_, at) => [`field-${at}`, 'x'.repeat(100)]))
    for (const value of [{ a: [wide] }, { a: [[wide], [wide]] }, { list: Array(9).fill('x'.repeat(99_999)) }])
      expect(pagesOf(value).pages.length).toBeGreaterThan(0)
  })
})
