import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Scripted, scriptedServer } from '../ask/scripted.ts'
import { freshFolder, SAMPLES } from './program.ts'
import { warm } from './warm.ts'

// What an analysis would cost is known first, a limit in dollars is kept, and an analysis that fails does not stay open.

let model: Scripted
let folder: string
beforeAll(async () => {
  model = await scriptedServer()
  folder = freshFolder()
  expect(await here('ingest', SAMPLES)).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => model.close())
beforeEach(() => {
  model.asked.length = 0
  model.script = []
  configured('prices: { input: 1, output: 2 }')
})

const here = (...args: string[]) => warm(args, { cwd: folder })
const DAY = ['--since', '2026-01-07', '--until', '2026-01-08']

function configured(more: string): void {
  const settings = ['provider: openai-compatible', 'id: scripted', `base_url: "${model.url}/v1"`, more]
  writeFileSync(join(folder, 'loglake.yaml'), `model: { ${settings.filter(Boolean).join(', ')} }\n`)
}

it('a dry run says that a limit would be passed, and asks nothing', async () => {
  const { code, out } = await here('analyze', '--dry-run', '--max-usd', '0.0001', ...DAY)
  expect(code).toBe(0)
  expect(out).toMatch(/^\d[\d,]* events of 2026-01-07T00:00:00Z to 2026-01-08T00:00:00Z are /)
  expect(out).toMatch(/On demand: at most \$\d+\.\d+\./)
  expect(out).toMatch(
    /It would be refused: it may cost up to \$\d+\.\d+, and \$0\.0001 is the most \(--max-usd, or analyze\.max_usd\)\./,
  )
  expect(model.asked).toEqual([])
})

it('a dry run within the limit says nothing of it', async () => {
  const { code, out } = await here('analyze', '--dry-run', '--max-usd', '1000', ...DAY)
  expect([code, /would be refused/.test(out)]).toEqual([0, false])
})

it('beyond the limit nothing is asked, and no analysis is begun', async () => {
  const { code, err } = await here('analyze', '--max-usd', '0.0001', ...DAY)
  expect(code).toBe(2)
  expect(err).toMatch(
    /it may cost up to \$\d+\.\d+, and \$0\.0001 is the most .*: nothing was asked\. A higher limit, or less to read/,
  )
  expect(model.asked).toEqual([])
  expect((await here('analyze', 'list')).err).toMatch(/no analyses/)
})

it('a limit cannot be kept where the price is not known', async () => {
  configured('')
  const dry = await here('analyze', '--dry-run', '--max-usd', '5', ...DAY)
  expect(dry.out).toMatch(
    /It would be refused: a limit in dollars cannot be kept: the price of the model is not known/,
  )
  const { code, err } = await here('analyze', '--max-usd', '5', ...DAY)
  expect([code, model.asked.length]).toEqual([2, 0])
  expect(err).toMatch(/the price of the model is not known.*: nothing was asked\n/)
})

it('a span that begins after the newest event is told as that', async () => {
  const { code, err } = await here('analyze', '--dry-run', '--since', '2027-01-01')
  expect(code).toBe(2)
  expect(err).toMatch(
    /--since is 2027-01-01\S*, and the lake has no event from then on: its newest is before 2026-/,
  )
})

it('a principal that nobody is called gets the names that come near', async () => {
  const { err } = await here('analyze', '--dry-run', ...DAY, '--principal', 'SupportAgentRole')
  expect(err).toMatch(
    /no principal of that span is called just "SupportAgentRole": .*--principal '[^']*SupportAgentRole[^']*'/,
  )
  const none = await here('analyze', '--dry-run', ...DAY, '--principal', 'nobody-at-all')
  expect(none.err).toMatch(
    /no principal of that span is called "nobody-at-all": `loglake queries top-callers` lists them/,
  )
})

it('an analysis whose model refuses us is stopped, says why, and goes on later', async () => {
  model.script = () => ({ status: 401, body: '{"error":{"message":"invalid api key"}}' })
  const { code, err } = await here('analyze', ...DAY)
  expect(code).not.toBe(0)
  expect(err).toMatch(/refuses our key or credentials/)
  const [run, ...others] = JSON.parse((await here('analyze', 'list', '--json')).out)
  expect(others).toEqual([])
  expect(run).toMatchObject({
    state: 'stopped',
    why: expect.stringMatching(/refuses our key or credentials/),
  })
  model.script = () => ({
    object: { findings: [], nothing_notable: true },
    text: '{"findings":[],"nothing_notable":true}',
  })
  const again = await here('analyze', 'resume', run.run)
  expect([again.code, again.code === 0 ? '' : again.err]).toEqual([0, ''])
  expect(JSON.parse((await here('analyze', 'list', '--json')).out)).toMatchObject([{ state: 'finished' }])
})
