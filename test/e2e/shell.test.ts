import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { shell } from '../../src/cli/shell/shell.ts'
import { loglake } from './program.ts'

const place = mkdtempSync(join(tmpdir(), 'loglake-shell-'))
const lake = join(place, 'lake')
const history = join(place, 'history')
const FIXTURE = resolve('src/logtypes/cloudtrail/fixtures/management.json.gz')

beforeAll(async () => {
  const { code, err } = await loglake(['ingest', FIXTURE, '--lake', lake])
  expect(code, err).toBe(0)
  process.env.LOGLAKE_HISTORY = history
})
afterEach(() => rmSync(history, { force: true }))
afterAll(() => {
  delete process.env.LOGLAKE_HISTORY
  rmSync(place, { recursive: true })
})

/** Types keys one piece after the other, each when its answer is there, and gives what a person saw. */
async function typed(...pieces: (readonly [keys: string, until: RegExp])[]): Promise<string> {
  const input = new PassThrough()
  const output = Object.assign(new PassThrough(), { columns: 200 })
  let shown = ''
  let from = 0
  output.on('data', (bytes) => {
    shown += bytes
  })
  const over = shell({ lake }, { input, output })
  for (const [keys, until] of [['', /\\q to leave/] as const, ...pieces]) {
    from = shown.length
    // A tab among other characters would be taken for pasted text.
    for (const key of keys) {
      input.write(key)
      await wait(1)
    }
    for (let tries = 0; !until.test(keys === '' ? shown : shown.slice(from)); tries++) {
      if (tries > 3000) throw new Error(`${JSON.stringify(keys)} did not lead to ${until}: ${shown}`)
      await wait(10)
    }
  }
  input.end()
  await over
  return shown
}

it('answers statements of several lines, several of them in one line, and goes on after a mistake', async () => {
  const shown = await typed(
    ['select 40 +\n', /\.\.\.> /],
    ['2 as sum;select 7 as seven;\n', /seven[\s\S]*1 row[\s\S]*loglake> /],
    ['select nope;\n', /loglake> /],
    ['select count(*) as events from cloudtrail;\n', /events[\s\S]*loglake> /],
  )
  expect(shown).toMatch(/sum\s+───\s+42\s+1 row/)
  expect(shown).toMatch(/events\s+──────\s+\d+\s+1 row/)
  expect(readFileSync(history, 'utf8')).toContain('select 40 + 2 as sum;\nselect 7 as seven;\n')
})

it('runs a command between the lines of a statement, and not inside a text', async () => {
  const shown = await typed(
    ['select 40 +\n', /\.\.\.> /],
    ['\\timing off\n', /Timing is off[\s\S]*\.\.\.> /],
    ['2 as sum;\n', /sum\s+───\s+42\s+1 row[\s\S]*loglake> /],
    ["select length('\n", /\.\.\.> /],
    ["\\q') as letters;\n", /letters\s+───────\s+3\s+1 row[\s\S]*loglake> /],
    ['select\n', /\.\.\.> /],
    ['\\q\n', /\\q/],
  )
  expect(shown).not.toContain('Syntax')
})

it('takes what is typed while an answer comes, in the order of the keys', async () => {
  const shown = await typed(
    ['select count(*) from range(300000000) t(i) where i % 7 = 3;\n\\tim', /1 row[\s\S]*loglake> /],
    ['ing off\n', /Timing is off/],
  )
  expect(shown).not.toContain('...>')
})

it('completes tables and columns with tab', async () => {
  const shown = await typed(
    ['select count(*) from cloudtr\t', /cloudtrail/],
    [' where eventnam\t', /eventname/],
    [" = 'x';\n", /1 row[\s\S]*loglake> /],
  )
  expect(shown).toContain("from cloudtrail where eventname = 'x';")
})

it('cancels a question with Ctrl-C, and asks the next', async () => {
  await typed(
    ['select count(*) from range(100000000000) t(i) where i % 7 = 3;\n', /3;/],
    ['\x03', /loglake> /],
    ['select 1 as one;\n', /one[\s\S]*1 row/],
  )
})

it('shows a value a line, describes, limits to a time, writes to a file, and refuses what there is not', async () => {
  const file = join(place, 'answer.csv')
  const shown = await typed(
    ['\\x\n', /come as line/],
    ['select 1 as one, null as none;\n', /row 1 ─+\s+one {3}1\s+none\s/],
    ['\\x off\n', /come as table/],
    ['\\since 2200-01-01\n', /loglake> /],
    ['select count(*) as late from cloudtrail;\n', /late\s+────\s+0\s/],
    ['\\since\n', /loglake> /],
    [`\\o ${file}\n`, /loglake> /],
    ["select 'a' as a, '' as b, null as c;\n", /loglake> /],
    ['\\o\n', /loglake> /],
    ['\\queries access-denied\n', /Denied calls/],
    ['\\run access-denied\n', /row/],
    ['\\nope\n', /loglake> /],
    ['\\q\n', /\\q/],
  )
  expect(shown).not.toContain('nope\n\n')
  expect(readFileSync(file, 'utf8')).toBe('a,b,c\r\na,"",\r\n')
})
