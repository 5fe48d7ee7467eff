import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, expect, it } from 'vitest'
import { freshFolder, SAMPLES } from './program.ts'
import { warm } from './warm.ts'

const folder = freshFolder()
const here = (args: string[], more: { input?: string; env?: Record<string, string> } = {}) =>
  warm(args, { cwd: folder, ...more })

beforeAll(async () => {
  const day = join(SAMPLES, 'o-exampleorgid/111122223333/CloudTrail/us-east-1/2026/01/08')
  expect((await here(['ingest', day, '--lake', 'lake'])).code).toBe(0)
}, 60_000)

it.each([
  ['ask --only hostile who was denied access', '--only goes with --eval'],
  ['ask --eval who was denied access', '--eval has questions of its own'],
  ['analyze --json', '--json goes with --dry-run'],
  ['digest --output no/such/folder/x.md', 'no/such/folder/x.md: there is no folder no: make it first'],
  ['digest --output .', 'this is a folder'],
  ['analyze --output no/such/folder/x.md', 'no/such/folder/x.md: there is no folder no: make it first'],
  ['digest --account 1234', 'An account has 12 digits'],
])('`%s` is a mistake, and says which', async (line, said) => {
  const { code, out, err } = await here(line.split(' '))
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toContain(said)
})

it('says of a selection without events that nothing can be said, and not that nothing stands out', async () => {
  const { out } = await here(['digest', '--in-region', 'mars-1'])
  expect(out).toContain('0 events')
  expect(out).toContain('Nothing can be said of it')
  expect(out).not.toContain('Nothing stands out')
  const all = await here(['digest'])
  expect(all.out).not.toContain('Nothing can be said')
  expect(all.out).not.toMatch(/\\[()]/)
})

it('says what a price is where none is known', async () => {
  const { out } = await here(['analyze', '--dry-run'])
  expect(out).toContain('On demand: the price is not known.')
})

it('runs nothing that leaves out what was asked for', async () => {
  const left = await here(['ask', 'who was denied access in eu-west-1?'])
  expect(left.out).toContain('nothing in it takes eu-west-1')
  expect(left.out).not.toContain('r1')
  const odd = await here(['ask', 'who was denied access on 01/08/2026?'])
  expect(odd.out).toContain('"01/08/2026" cannot be read as a time')
  expect(odd.out).not.toContain('r1')
  const whole = await here(['ask', 'who was denied access?'])
  expect(whole.out).toContain('r1  Denied calls by caller')
})

it('finds names where no follower has summarised the rows, and says what it read a slip as', async () => {
  const named = await here(['ask', 'goran', '--json'])
  expect(JSON.parse(named.out).results).toMatchObject([
    { name: 'by-person', parameters: { person: 'goran@example.com' } },
  ])
  const slip = await here(['ask', 'acess denied'])
  expect(slip.out).toContain('r1  Denied calls by caller')
  expect(slip.out).toContain('"acess" was read as "access".')
})

it('suggests commands that can be pasted as they are, for the same lake', async () => {
  const place = "lake of O'Neil"
  const day = join(SAMPLES, 'o-exampleorgid/111122223333/CloudTrail/us-east-1/2026/01/08')
  expect((await here(['ingest', day, '--lake', place])).code).toBe(0)
  const asked = ['ask', 'what was denied to "the O\'Neil" key?', '--lake', place]
  const { out } = await here(asked)
  const commands = [...out.matchAll(/^ +\$ (loglake .*)$/gm)].map(([, command = '']) => command)
  expect(commands.length).toBeGreaterThan(0)
  for (const command of commands) expect(command).toMatch(/ --lake 'lake of O'\\''Neil'$/)
  // A shell reads them as they were meant, and they run.
  const program = join(freshFolder(), 'loglake')
  writeFileSync(
    program,
    `#!/bin/sh\nexec '${process.execPath}' '${resolve('dist/cli/loglake.cjs')}' "$@"\n`,
    {
      mode: 0o755,
    },
  )
  const path = `${dirname(program)}:${process.env.PATH}`
  for (const command of commands) {
    const ran = await promisify(execFile)('sh', ['-c', command], {
      cwd: folder,
      env: { ...process.env, PATH: path },
    })
    expect(ran.stdout).not.toBe('')
  }
  const { out: json } = await here([...asked, '--json'])
  expect(JSON.parse(json).nearest[0].command).toContain("--lake 'lake of O'")
})

it('says that a role sees a part of the rows only, where it sees none', async () => {
  const { out } = await here(['ask', '--as', 'manager:x', 'who was denied access?'])
  expect(out).toMatch(/no rows[\s\S]*you see a part of the rows only/)
})

it('answers an auditor by no question of the logs, which would find nothing', async () => {
  const { out } = await here(['ask', '--as', 'auditor:x', 'who was denied access?'])
  expect(out).toMatch(/No question is clearly meant[\s\S]*access_log/)
})

it('says why it has no model, where half of one is set up', async () => {
  writeFileSync(join(folder, 'half.yaml'), 'lake: lake\nmodel: {id: some-model}\n')
  const { out } = await here(['ask', 'who was denied access?', '--config', 'half.yaml'])
  expect(out).toContain('model.provider does not say whose it is')
})

it('tells an MCP client that sends no messages so, a line each', async () => {
  const { code, out, err } = await here(['mcp'], { input: '{bad\n[]\nnull\n"x"\n' })
  expect({ code, out }).toEqual({ code: 0, out: '' })
  const lines = err.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(4)
  for (const line of lines) expect(line).toContain('no message of JSON-RPC')
})

it('an answer is evidence: its claims, its queries and the rows that they had', async () => {
  const asked = await here(['ask', 'who was denied access?', '--json'])
  const answer = JSON.parse(asked.out) as { run: string; results: { id: string; rows: unknown[][] }[] }
  const [first] = answer.results
  // What came since changes nothing: it is asked again at the version that answered.
  const day = join(SAMPLES, 'o-exampleorgid/111122223333/CloudTrail/us-east-1/2026/01/07')
  expect((await here(['ingest', day, '--lake', 'lake'])).code).toBe(0)
  const made = await here(['evidence', 'export', '--answer', answer.run, '--output', 'answer.zip'])
  expect(made.err).toContain('answer.zip')
  expect((await here(['evidence', 'verify', 'answer.zip'])).code).toBe(0)
  const of = async (file: string) =>
    (await promisify(execFile)('unzip', ['-p', 'answer.zip', file], { cwd: folder })).stdout
  const rows = (await of('rows/r1.ndjson')).trim().split('\n')
  expect(rows.map((row) => Object.values(JSON.parse(row)))).toEqual(first?.rows)
  expect(await of('rows/agent_run.ndjson')).toContain('who was denied access?')
  expect(JSON.parse((await of('rows/asked.ndjson')).split('\n')[0] as string)).toMatchObject({
    result: 'r1',
    question: expect.any(String),
    sql: expect.stringContaining('select'),
  })
  const none = await here(['evidence', 'export', '--answer', 'nobody'])
  expect(none).toMatchObject({ code: 2, out: '' })
  expect(none.err).toContain('no answer has the id nobody')
}, 60_000)
