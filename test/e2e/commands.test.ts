import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { completionScript } from '../../src/cli/commands/completion.ts'
import { entries } from '../../src/cli/entries.ts'
import { manPage } from '../../src/cli/man.ts'
import { programWith } from '../../src/cli/program.ts'
import { freshFolder, run, SAMPLES } from './program.ts'
import { warm } from './warm.ts'

const folder = freshFolder()
const here = (args: string[], env: Record<string, string> = {}) => warm(args, { cwd: folder, env })

beforeAll(async () => {
  // Two days with two between that have nothing.
  const days = ['05', '08'].map((day) =>
    join(SAMPLES, `o-exampleorgid/111122223333/CloudTrail/us-east-1/2026/01/${day}`),
  )
  for (const day of days)
    expect((await here(['ingest', day, '--since', '2026-01-05', '--lake', 'lake'])).code).toBe(0)
}, 60_000)

describe('days', () => {
  it('has a line a day, and one for days that have nothing', async () => {
    const { out } = await here(['days'])
    const lines = out.trimEnd().split('\n')
    expect(lines[1]).toMatch(/^cloudtrail +2026-01-05 +[1-9]\d* +111122223333 +us-east-1$/)
    expect(out).toMatch(/\n +2026-01-06 to 2026-01-07 +- +nothing \(2 days\)\n/)
  })

  it('counts what the table has, by day, account and Region', async () => {
    const rows = JSON.parse((await here(['days', '--format', 'json', '--since', '2026-01-08'])).out)
    const [{ count }] = JSON.parse(
      (
        await here([
          'query',
          "select count(*) as count from cloudtrail where lake_day >= '2026-01-08'",
          '--format',
          'json',
        ])
      ).out,
    )
    expect(rows.every(({ day }: { day: string }) => day >= '2026-01-08')).toBe(true)
    expect(rows.reduce((sum: number, { records }: { records: number }) => sum + records, 0)).toBe(count)
    expect((await here(['days', '--table', 'cloudtrial'])).err).toContain('did you mean "cloudtrail"?')
  })
})

describe('versions', () => {
  it('says what each changed, the newest first', async () => {
    const { out } = await here(['versions'])
    const [, two, one] = out.split('\n')
    expect(two).toMatch(/^ +2 {2}\S+Z {2}ingest {2}.*cloudtrail \+[1-9]/)
    expect(one).toMatch(/^ +1 {2}\S+Z {2}ingest {2}.*cloudtrail \+[1-9]/)
    expect((await here(['versions', '--limit', '1'])).out).toContain('1 earlier version: --limit 0 shows all')
  })

  it('adds up to what there is', async () => {
    const rows = JSON.parse((await here(['versions', '--format', 'json'])).out) as {
      table: string
      rows_added: number
    }[]
    const added = rows
      .filter(({ table }) => table === 'cloudtrail')
      .reduce((sum, row) => sum + row.rows_added, 0)
    const [{ count }] = JSON.parse(
      (await here(['query', 'select count(*) as count from cloudtrail', '--format', 'json'])).out,
    )
    expect(added).toBe(count)
  })

  it('tells which were given up', async () => {
    expect((await here(['vacuum', '--keep', '0', '--grace', '0'])).err).toBe('')
    expect((await here(['versions'])).out).toMatch(/versions up to \d+ were given up/)
  })
})

it('views prints the SQL of one, with a hint for a name that is none', async () => {
  const { out } = await here(['views', '--sql', 'session'])
  expect(out).toBe(readFileSync(new URL('../../src/query/views/session.sql', import.meta.url), 'utf8'))
  expect((await here(['views', '--sql', 'sesion'])).err).toContain('did you mean "session"?')
  expect((await here(['views'])).out).toMatch(/athena\.cloudtrail_logs/)
})

describe('the environment', () => {
  it('comes before the file and after the options', async () => {
    const other = freshFolder()
    writeFileSync(join(other, 'its.yaml'), 'lake: ./nowhere\nquery: {format: csv}\n')
    const ask = (args: string[], env: Record<string, string>) =>
      warm(['query', 'select 1 as one', ...args], { cwd: other, env })
    const lake = { LOGLAKE_LAKE: join(folder, 'lake') }
    const config = { LOGLAKE_CONFIG: join(other, 'its.yaml') }
    expect((await ask([], config)).err).toContain('there is no lake in nowhere')
    expect((await ask([], { ...config, ...lake })).out).toBe('one\r\n1\r\n')
    expect((await ask([], { ...config, ...lake, LOGLAKE_FORMAT: 'ndjson' })).out).toBe('{"one":1}\n')
    expect((await ask(['--format', 'csv'], { ...lake, LOGLAKE_FORMAT: 'json' })).out).toBe('one\r\n1\r\n')
    expect((await ask(['--lake', 'none'], lake)).err).toContain('there is no lake in none')
    expect((await ask([], { ...lake, LOGLAKE_FORMAT: 'xml' })).err).toMatch(/^error: LOGLAKE_FORMAT: .*"xml"/)
    const shown = await warm(['config', 'show'], { cwd: other, env: lake })
    expect(shown.out).toMatch(/^lake +.* +LOGLAKE_LAKE$/m)
  })
})

describe('help and version', () => {
  it('have their short ways', async () => {
    const [long, short, word] = [await here(['--help']), await here(['-h']), await here(['help'])]
    expect([short.out, word.out]).toEqual([long.out, long.out])
    expect((await here(['help', 'query'])).out).toBe((await here(['query', '-h'])).out)
    expect((await here(['help', 'rejects', 'replay'])).out).toMatch(/^Usage: loglake rejects replay/)
    const unknown = await here(['help', 'qury'])
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining('did you mean "query"?')])
    expect((await here(['version'])).out).toBe((await here(['-V'])).out)
  })
})

describe('completion', () => {
  it('completes in bash', async () => {
    writeFileSync(join(folder, 'loglake.bash'), (await here(['completion', 'bash'])).out)
    const words = async (...typed: string[]) => {
      const script =
        // biome-ignore lint/suspicious/noTemplateCurlyInString: bash fills it in
        'source ./loglake.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _loglake; printf "%s\\n" "${COMPREPLY[@]}"'
      const { out } = await run('bash', ['-c', script, 'bash', 'loglake', ...typed], { cwd: folder })
      return out.trim().split('\n')
    }
    expect(await words('que')).toEqual(['query', 'queries'])
    expect(await words('rejects', 're')).toEqual(['replay'])
    expect(await words('rejects', 'replay', '--dry')).toEqual(['--dry-run'])
    expect(await words('query', '--format', 'c')).toEqual(['csv'])
    expect(await words('queries', 'by-a')).toEqual(['by-access-key', 'by-address'])
    // A file, which the shell knows.
    expect(await words('query', '--file', 'x')).toEqual([''])
    expect(await words('')).toEqual(expect.arrayContaining(entries.map(({ name }) => name)))
  })

  it.each(['zsh', 'fish'] as const)('names every command and its options in %s', async (shell) => {
    const script = completionScript(shell, await programWith(() => true))
    for (const { name } of entries) expect(script).toContain(name)
    expect(script).toMatch(shell === 'zsh' ? /'--csv-safe:/ : / -l csv-safe /)
  })
})

it('man/loglake.1 is what the commands say: `npm run man` makes it', async () => {
  expect(readFileSync(new URL('../../man/loglake.1', import.meta.url), 'utf8')).toBe(await manPage())
})

it("the demo's lake takes no logs of one's own", async () => {
  expect((await here(['demo'])).code).toBe(0)
  const { code, err } = await here(['ingest', SAMPLES, '--lake', 'demo-lake'])
  expect([code, err]).toEqual([2, expect.stringContaining("the lake in demo-lake is the demo's")])
}, 60_000)
