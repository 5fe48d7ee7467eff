import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pretend } from '../analyze/analysed.ts'
import { carefulReader } from '../analyze/careful.ts'
import { type StandIn, startStandIn } from '../analyze/stand-in.ts'
import { demoLake } from '../api/served.ts'
import { type Asked, type Move, type Scripted, scriptedServer } from '../ask/scripted.ts'
import { freshFolder, run } from './program.ts'

// The transcripts of docs/ask.md and docs/analyze.md are what the program prints, over the sample logs, with scripted models where one is
// asked. A block is held by the comment before it; `…` alone on a line stands for the rest. LOGLAKE_TRANSCRIPTS=write writes them anew.

const WRITES = process.env.LOGLAKE_TRANSCRIPTS === 'write'
const BLOCK = /<!-- transcript(?: of (\d+) lines)? -->\n```\n([\s\S]*?)```/g

let model: Scripted
let standIn: StandIn
const folders = { ask: '', asked: '', analyze: '' }
beforeAll(async () => {
  pretend()
  process.env.OPENAI_COMPATIBLE_API_KEY = 'test-key-of-compatible'
  model = await scriptedServer()
  model.script = planner
  const wanted =
    /\b(?:CreateUser|CreateAccessKey|StopLogging|AuthorizeSecurityGroupIngress|DeleteModelInvocationLoggingConfiguration)\b/
  standIn = await startStandIn({ answer: carefulReader(wanted), least: 50 })
  const prices = 'prices: { input: 0.25, output: 1.25 }'
  folders.ask = await folder('lake: lake\n')
  folders.asked = await folder(
    `lake: lake\nmodel: { provider: openai-compatible, id: scripted, base_url: "${model.url}/v1", ${prices} }\n`,
  )
  folders.analyze = await folder(`lake: lake\n${printedConfiguration(standIn.endpoint)}`)
}, 240_000)
afterAll(async () => {
  await model.close()
  await standIn.stop()
})

async function folder(configuration: string): Promise<string> {
  const made = freshFolder()
  mkdirSync(made, { recursive: true })
  cpSync(await demoLake(), join(made, 'lake'), { recursive: true })
  writeFileSync(join(made, 'loglake.yaml'), configuration)
  return made
}

/**
 * The configuration that docs/analyze.md prints, word for word, but for two things that a test needs: where AWS is, and a shorter pause
 * between two looks at a job.
 */
function printedConfiguration(endpoint: string): string {
  const [, printed = ''] =
    /## An analysis\s+```yaml\n([\s\S]*?)```/.exec(readFileSync('docs/analyze.md', 'utf8')) ?? []
  const REGION = 'identity: { region: us-east-1 }'
  expect(printed.split(REGION).length).toBe(2)
  expect(printed).toMatch(/\n {2}batch: .*\n {4}role: /)
  return printed
    .replace(REGION, `identity: { region: us-east-1, endpoint: "${endpoint}" }`)
    .replace(/(\n {2}batch: .*\n)/, '$1    poll_seconds: 1\n')
}

/** A planner that asks by a question with a name, looks further by itself, and claims one thing too much. */
function planner(asked: Asked): Move {
  if (asked.number === 0)
    return { tools: [{ name: 'run_question', input: { name: 'capture-switched-off', parameters: {} } }] }
  if (asked.number === 1) {
    const sql = `select eventname, count(*) as calls from cloudtrail where useridentity_username = 'legacy-backup' and errorcode is not null group by all order by calls desc, eventname limit 3`
    return { tools: [{ name: 'run_sql', input: { sql } }] }
  }
  const claims = [
    {
      text: '2 calls tried to switch recording off, and both ended in AccessDenied.',
      evidence: [{ result: 'r1' }],
    },
    { text: 'One of them was StopLogging.', evidence: [{ result: 'r1', rows: [2] }] },
    { text: 'The two are 17 minutes apart.', evidence: [{ result: 'r1' }] },
  ]
  return {
    tools: [
      { name: 'answer', input: { claims, suggestions: ['which roles did goran@example.com assume?'] } },
    ],
  }
}

/** What differs from day to day, or from one run to the next. */
function steady(text: string): string {
  return text
    .replace(/\d+ days ago/g, 'N days ago')
    .replace(/\b\d+\.\d s\b/g, 'N s')
    .replace(/\bversion \d+ of the lake/g, 'version N of the lake')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/gm, 'RUN')
    .replace(/\b20\d{6}-[0-9a-f]{6}\b/g, 'ANALYSIS')
    .replace(/model-invocation-job\/\w+/g, 'model-invocation-job/JOB')
    .replace(/(ANALYSIS +)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '$1WHEN')
    .replace(/[ \t]+$/gm, '')
}

it.each([
  ['docs/ask.md', ['ask', 'asked']],
  ['docs/analyze.md', ['analyze', 'analyze', 'analyze', 'analyze']],
] as const)(
  '%s shows what its commands print',
  async (page, places) => {
    const text = readFileSync(page, 'utf8')
    const blocks = [...text.matchAll(BLOCK)]
    expect(blocks.length).toBe(places.length)
    let written = text
    for (const [at, [whole, max, block = '']] of blocks.entries()) {
      const made: string[] = []
      for (const [, command = ''] of block.matchAll(/^\$ (.*)$/gm)) {
        expect(command).toMatch(/^loglake /)
        const program = `"${process.execPath}" "${join(process.cwd(), 'dist/cli/loglake.cjs')}" ${command.slice(8)}`
        const place = folders[places[at] as keyof typeof folders]
        const { code, out, err } = await run('sh', ['-c', program], { cwd: place })
        expect([command, code, code === 0 ? '' : err]).toEqual([command, 0, ''])
        const lines = `${err}${out}`.trimEnd().split('\n')
        const shown = max === undefined ? lines : [...lines.slice(0, Number(max)), '…']
        made.push([`$ ${command}`, ...shown].join('\n').replace(/[ \t]+$/gm, ''))
      }
      const fresh = `${made.join('\n\n')}\n`
      if (WRITES) written = written.replace(whole, () => whole.replace(block, () => fresh))
      else expect(steady(block)).toBe(steady(fresh))
    }
    if (WRITES) writeFileSync(page, written)
  },
  400_000,
)
