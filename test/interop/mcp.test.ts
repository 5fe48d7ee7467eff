import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { localOwner } from '../../src/query/reader.ts'
import { checkOrigin } from '../../src/server/auth/requests.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { type Served, served } from '../api/served.ts'
import { fixtureApp } from './mcp-fixture.ts'

/** Clients of MCP that are not ours, against our server: the conformance suite and Python's SDK. */

const run = promisify(execFile)
let lake: Served
let ours: Listening
let fixture: Listening
beforeAll(async () => {
  lake = await served(() => ({
    mount: () => undefined,
    async readerOf(http) {
      checkOrigin(http, { sign_in: 'none', url: undefined })
      return localOwner('none', 'ana')
    },
    isSignedIn: async () => true,
    addressOf: () => null,
    secure: () => false,
  }))
  ours = await listen(lake.app, '127.0.0.1', 0)
  fixture = await listen(fixtureApp(), '127.0.0.1', 0)
})
afterAll(async () => {
  await ours.close()
  await fixture.close()
  await lake.close()
})

const urlOf = ({ port }: Listening) => `http://127.0.0.1:${port}/mcp`

describe('the conformance suite', () => {
  // It needs a later Node than ours: both are installed once where npx keeps such, and started from there.
  let node: string
  let suite: string
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'loglake-mcp-'))
    const packages = ['-p', 'node@24', '-p', '@modelcontextprotocol/conformance@0.1.16']
    const { stdout } = await run(
      'npx',
      ['-y', ...packages, '-c', 'command -v node; command -v conformance'],
      { cwd: folder },
    )
    ;[node = '', suite = ''] = stdout.trim().split('\n')
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function judge(scenario: string, at: Listening): Promise<string> {
    const given = ['server', '--url', urlOf(at), '--scenario', scenario]
    const { stdout } = await run(node, [suite, ...given], { cwd: folder, maxBuffer: 64 << 20 })
    return stdout
  }

  // What they ask for has names of the suite's own, so that another offer stands behind the same protocol and transport.
  // Those that are not here ask for what this server has not: it asks nothing of clients (sampling, elicitation), has no
  // sessions to resume (server-sse-*), sends no log (logging), completes nothing, and tells of no changes (subscribe).
  it.each([
    ...['server-initialize', 'ping', 'tools-list', 'tools-call-simple-text', 'tools-call-image'],
    ...['tools-call-audio', 'tools-call-embedded-resource', 'tools-call-mixed-content', 'tools-call-error'],
    ...['tools-call-with-progress', 'json-schema-2020-12', 'resources-list', 'resources-read-text'],
    ...['resources-read-binary', 'resources-templates-read', 'prompts-list', 'prompts-get-simple'],
    ...['prompts-get-with-args', 'prompts-get-embedded-resource', 'prompts-get-with-image'],
    'dns-rebinding-protection',
  ])('%s', async (scenario) => {
    const told = await judge(scenario, fixture)
    expect(told).toContain('SUCCESS')
    expect(told).not.toContain('FAILURE')
  })

  it.each([
    'server-initialize',
    'ping',
    'tools-list',
    'resources-list',
    'prompts-list',
    'dns-rebinding-protection',
  ])('of the server of a lake: %s', async (scenario) => {
    const told = await judge(scenario, ours)
    expect(told).toContain('SUCCESS')
    expect(told).not.toContain('FAILURE')
  })
})

describe("the Inspector's command line", () => {
  // It needs a later Node than ours, as the suite does.
  let node: string
  let inspector: string
  beforeAll(async () => {
    const packages = ['-p', 'node@24', '-p', '@modelcontextprotocol/inspector@2.12.0']
    const { stdout } = await run(
      'npx',
      ['-y', ...packages, '-c', 'command -v node; command -v mcp-inspector'],
      { cwd: tmpdir() },
    )
    ;[node = '', inspector = ''] = stdout.trim().split('\n')
  })

  async function inspect<Told>(target: readonly string[], ...given: string[]): Promise<Told> {
    const { stdout } = await run(node, [inspector, '--cli', ...target, ...given], {
      cwd: tmpdir(),
      maxBuffer: 64 << 20,
    })
    return JSON.parse(stdout)
  }
  const onStdio = () => [process.execPath, resolve('dist/cli/loglake.cjs'), 'mcp', '--lake', lake.place]
  const overHttp = () => [urlOf(ours), '--transport', 'http']

  it.each([
    ['on standard input and output', onStdio],
    ['over HTTP', overHttp],
  ])('lists and calls, %s', async (_, target) => {
    const { tools } = await inspect<{ tools: { name: string; annotations: object }[] }>(
      target(),
      ...['--method', 'tools/list'],
    )
    expect(tools.map(({ name }) => name)).toContain('query')
    for (const { annotations } of tools) expect(annotations).toMatchObject({ readOnlyHint: true })
    const { prompts } = await inspect<{ prompts: { name: string }[] }>(
      target(),
      ...['--method', 'prompts/list'],
    )
    expect(prompts.map(({ name }) => name)).toContain('access-denied')
    const sql = 'sql=select count(*) as calls from cloudtrail'
    const called = await inspect<{ structuredContent: { rows: unknown[][] } }>(
      target(),
      ...['--method', 'tools/call', '--tool-name', 'query', '--tool-arg', sql],
    )
    expect(called.structuredContent.rows).toEqual([[4015]])
  })
})

it("Python's SDK checks results by their schemas, and reads pages", async () => {
  const { stdout } = await run('.venv/bin/python', [
    'test/interop/mcp_client.py',
    process.execPath,
    resolve('dist/cli/loglake.cjs'),
    lake.place,
  ])
  expect(JSON.parse(stdout)).toMatchObject({ server: 'loglake', rows: 500, distinct: 500, refused: true })
})
