import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pretend } from '../analyze/analysed.ts'
import { carefulReader } from '../analyze/careful.ts'
import { type Script, type StandIn, startStandIn } from '../analyze/stand-in.ts'
import { freshFolder, SAMPLES } from './program.ts'
import { warm } from './warm.ts'

// What an analysis tells a person on the way: where it stands, what it has cost, what to do next.

const careful = carefulReader(/\b(?:CreateUser|StopLogging)\b/)
const SPAN = ['--since', '2026-01-08', '--until', '2026-01-09']

let standIn: StandIn
let folder: string
/** What comes in place of the stand-in's answers. */
let refuse: NonNullable<Script['refuse']> = () => undefined
beforeAll(async () => {
  pretend()
  standIn = await startStandIn({
    answer: (asked) => careful(asked),
    refuse: (what, count) => refuse(what, count),
    states: () => ['Submitted', 'Failed'],
    least: 10,
  })
  folder = freshFolder()
  expect(await here('ingest', SAMPLES)).toMatchObject({ code: 0 })
}, 120_000)
afterAll(() => standIn.stop())

const here = (...args: string[]) => warm(args, { cwd: folder })

function configured(analyze: string): void {
  writeFileSync(
    join(folder, 'loglake.yaml'),
    `model: { provider: bedrock, id: "anthropic.claude-3-haiku-20240307-v1:0", identity: { endpoint: "${standIn.endpoint}", region: eu-central-1 }, prices: { input: 0.25, output: 1.25 } }
destinations:
  refusing: { type: webhook, url: "${standIn.endpoint}/refusing" }
  report: { type: file, path: sent.ndjson }
analyze: ${analyze}
`,
  )
}
const sent = () => readFileSync(join(folder, 'sent.ndjson'), 'utf8').trim().split('\n')
const BATCH =
  '{ batch: { role: "arn:aws:iam::123456789012:role/b", place: "s3://logs/x", poll_seconds: 1 }, attempts: 1, findings: false'

it('that is stopped by its limit says where it stands, what is spent and how it goes on; then it goes on', async () => {
  configured('{ findings: false }')
  expect((await here('analyze', 'resume')).err).toBe(
    'no analysis is open: all that were begun are finished, if any was\n',
  )
  refuse = (what, count) =>
    what === 'Converse' && count > 20
      ? { status: 403, type: 'AccessDeniedException', message: 'no' }
      : undefined
  const first = await here('analyze', ...SPAN, '--to', 'report')
  expect(first.code).not.toBe(0)
  expect(first.err).toMatch(/\d+ calls of the model left, \$0\.00\d\d spent\n/)
  refuse = () => undefined

  const limited = await here('analyze', 'resume', '--max-usd', '0.0001')
  expect(limited.code).toBe(1)
  const run =
    /^analysis (\S+) of 2026-01-08T00:00:00Z to 2026-01-09T00:00:00Z: 20 of \d+ calls about events are answered, \$0\.00\d\d spent\n/.exec(
      limited.err,
    )?.[1]
  expect(run, limited.err).toBeDefined()
  expect(limited.err).toMatch(
    /stopped: 20 calls may cost \$\d\.\d+, \$\d\.\d+ are spent, and \$0\.0001 is the most/,
  )
  expect(limited.err).toContain(`\`loglake analyze resume ${run} --max-usd MORE\` goes on\n`)
  const listed = await here('analyze', 'list')
  expect(listed.err).toBe(`\`loglake analyze resume ${run}\` goes on with what is not finished\n`)

  const whole = await here('analyze', 'resume')
  expect([whole.code, whole.code === 0 ? '' : whole.err]).toEqual([0, ''])
  expect(whole.err).toMatch(/\nputting findings together by principal: 0 calls left, \$/)
  expect(whole.err).toMatch(/\nsent to report\n$/)
  expect(sent()).toHaveLength(1)
})

it('the likely cost is near to what the same calls cost before', async () => {
  configured('{ findings: false }')
  const { out } = await here('analyze', '--dry-run', ...SPAN)
  const likely = Number(/As earlier analyses went: about \$([\d.]+)\./.exec(out)?.[1])
  const max = Number(/On demand: at most \$([\d.]+)\./.exec(out)?.[1])
  expect(likely).toBeGreaterThan(0)
  expect(likely).toBeLessThan(max / 5)
})

it('whose calls are too few for a batch, and are to wait, says what else can be done', async () => {
  configured(`${BATCH.replace('poll_seconds: 1', 'poll_seconds: 1, least_records: 5000')}, below: wait }`)
  const { code, err } = await here('analyze', ...SPAN)
  expect(code).toBe(0)
  expect(err).toMatch(
    /Nothing was asked: \d+ calls are fewer than the 5000 .*\nAn earlier --since has more to ask; --on-demand asks at once\.\n$/,
  )
})

it('of which nothing was answered ends as a failure', async () => {
  configured(`${BATCH} }`)
  const { code, out, err } = await here('analyze', ...SPAN)
  expect(code).toBe(1)
  expect(err).toMatch(/batch job Failed \(the job failed\): 0 of \d+ records answered, \$0\.0000 spent\n/)
  expect(err).toMatch(/nothing was analysed, as the report says: a new `loglake analyze` asks again\n$/)
  expect(out).toContain('0 findings.\n')
})

it('a digest goes to a destination, whatever another says', async () => {
  configured('{ findings: false }')
  refuse = (what) => (what === 'POST object' ? { status: 400, type: 'Refused', message: 'no' } : undefined)
  const { code, err } = await here('digest', ...SPAN, '--to', 'refusing', '--to', 'report')
  refuse = () => undefined
  expect(code).not.toBe(0)
  expect(err).toContain('sent to report\n')
  expect(err).toMatch(/refusing refused it: 400/)
  expect(sent()).toHaveLength(2)
})
