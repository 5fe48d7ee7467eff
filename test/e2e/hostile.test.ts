import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { freshFolder, loglake, OBEYED, PROGRAM, run, SAMPLES } from './program.ts'

// What a log may hold to take a terminal over: colours, a title, a cleared screen, a turned direction, a bell.
const ATTACK = '\x1b[31mred\x1b]0;owned\x07\x9b2J\u202egnp.exe\u2066\x08\x08\u2028'

const folder = freshFolder()
const lake = join(folder, 'lake')
const at = ['--lake', lake]

function record(id: string, fields: object): string {
  return JSON.stringify({
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', userName: ATTACK, arn: `arn:aws:iam::111122223333:user/${ATTACK}` },
    eventTime: '2026-01-07T22:16:43Z',
    eventSource: 'ssm.amazonaws.com',
    eventName: 'StartSession',
    awsRegion: 'us-east-1',
    eventID: id,
    eventType: 'AwsApiCall',
    ...fields,
  })
}

beforeAll(async () => {
  const logs = join(folder, `logs \x1b[5m`)
  mkdirSync(logs)
  const good = record('0a1b2c3d-0000-4000-8000-000000000001', {
    eventName: ATTACK,
    userAgent: `=HYPERLINK("http://attacker.example")`,
    requestParameters: { target: ATTACK },
    [`unknown ${ATTACK}`]: ATTACK,
  })
  const bad = record('0a1b2c3d-0000-4000-8000-000000000002', { eventTime: ATTACK })
  writeFileSync(join(logs, `\x1b[1mname\x07.json`), `{"Records":[${good},${bad}]}`)
  writeFileSync(join(logs, 'unknown.json'), JSON.stringify({ Records: [{ [ATTACK]: 1 }, { [ATTACK]: 2 }] }))
  writeFileSync(join(logs, 'broken.json'), `{"Records":[{"eventID":"${ATTACK}`)
  const { code, out, err } = await loglake(['ingest', logs, ...at])
  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toMatch(/1 stored/)
  expect(out).not.toMatch(OBEYED)
})

describe('text of a log never reaches a terminal as it is', () => {
  const columns = 'eventname, useridentity_arn, requestparameters, unmapped, lake_object'
  it.each<[string, string[]]>([
    ['a table', ['query', `select ${columns} from cloudtrail`]],
    ['JSON', ['query', `select ${columns} from cloudtrail`, '--format', 'json']],
    ['NDJSON', ['query', `select ${columns} from cloudtrail`, '--format', 'ndjson']],
    ['Markdown', ['query', `select ${columns} from cloudtrail`, '--format', 'markdown']],
    ['names of columns', ['query', `select 1 as "${ATTACK}"`]],
    ['an error', ['query', 'select eventname::integer from cloudtrail']],
    ['objects', ['objects']],
    ['objects as Markdown', ['objects', '--format', 'markdown']],
    ['rejects', ['rejects']],
    ['rejects as JSON', ['rejects', '--format', 'json']],
    ['verify', ['verify', '--objects']],
  ])('%s', async (_, args) => {
    const { out, err } = await loglake([...args, ...at])
    expect(`${out}${err}`).toMatch(/red|name|\[5m|adds up/)
    expect(`${out}${err}`).not.toMatch(OBEYED)
  })

  it('a reject with its bytes', async () => {
    const rejects = JSON.parse((await loglake(['rejects', ...at, '--format', 'json'])).out)
    expect(rejects.length).toBeGreaterThanOrEqual(3)
    for (const { id } of rejects) {
      const { out } = await loglake(['rejects', '--show', id, ...at])
      expect(out).toMatch(/^bytes/m)
      expect(out).not.toMatch(OBEYED)
    }
  })
})

it('a file gets it to the letter', async () => {
  const question = ['query', 'select eventname, useragent from cloudtrail', '--format', 'csv', ...at]
  const { out } = await loglake(question)
  expect(out).toContain(ATTACK)
  expect(out).toContain('"=HYPERLINK(""http://attacker.example"")"')
  const safe = await loglake([...question, '--csv-safe'])
  expect(safe.out).toContain('"\'=HYPERLINK(""http://attacker.example"")"')
  const ndjson = await loglake(['query', 'select eventname from cloudtrail', '--format', 'ndjson', ...at])
  expect(JSON.parse(ndjson.out)).toEqual({ eventname: ATTACK })
})

/** Runs the program on a terminal of its own, 80 columns wide. */
const ON_A_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
child, fd = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 80, 0, 0))
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    os.write(1, part)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
`
const python = spawnSync('python3', ['-c', 'import pty']).status === 0

describe.skipIf(!python)('on a terminal', () => {
  const onTerminal = (args: string[], env: Record<string, string> = {}) =>
    run('python3', ['-c', ON_A_TERMINAL, process.execPath, PROGRAM, ...args], {
      env: { TERM: 'xterm', NO_COLOR: '', ...env },
    })

  it('CSV is made visible too', async () => {
    const { out } = await onTerminal(
      ['query', 'select eventname from cloudtrail', '--format', 'csv', ...at],
      { NO_COLOR: '1' },
    )
    expect(out).toContain('\\u001b[31mred')
    expect(out).not.toMatch(OBEYED)
  })

  it('bytes are not given to the letter', async () => {
    const [{ id }] = JSON.parse((await loglake(['rejects', ...at, '--format', 'json'])).out)
    const { code, out } = await onTerminal(['rejects', '--show', id, '--raw', ...at])
    expect(code).toBe(2)
    expect(out).toMatch(/a terminal may obey/)
  })

  it('a table fits, and says what it read', async () => {
    const { out } = await onTerminal(
      ['query', 'select eventname, useridentity_arn, lake_object from cloudtrail', ...at],
      { NO_COLOR: '1' },
    )
    for (const line of out.split('\r\n')) expect([...line].length).toBeLessThanOrEqual(80)
    expect(out).toMatch(/1 row\r\n1 of 1 file, [\d.]+ s, version 1\r\n$/)
  })

  it('a run shows how far it is, and clears that away', async () => {
    const seen = (text: string) => text.replaceAll('\x1b', '␛')
    const { code, out } = await onTerminal(['ingest', SAMPLES, '--lake', join(folder, 'other')])
    expect(code).toBe(0)
    expect(seen(out)).toMatch(/\r␛\[2K\[█+░*\] +\d+% .*of 228 objects/)
    expect(seen(out)).toMatch(/\r␛\[2Kobjects +␛\[1m228␛\[22m {2}found: 227 stored, 1 skipped\r\n/)
    const plain = await onTerminal(['tables', '--lake', join(folder, 'other')], { NO_COLOR: '1' })
    expect(seen(plain.out)).not.toContain('␛')
  })
})
