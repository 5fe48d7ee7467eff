import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { SMTPServer } from 'smtp-server'
import { beforeAll, expect, it } from 'vitest'
import { ALL_SAMPLES, freshFolder, loglake } from './program.ts'
import { rowsOf, warm } from './warm.ts'

// `loglake run` tells people of reviews that wait for them: once, whenever it is killed.

const people = fileURLToPath(new URL('../../samples/people.csv', import.meta.url))
const folder = freshFolder()
const base = join(folder, 'base')

beforeAll(async () => {
  for (const command of [
    ['ingest', ALL_SAMPLES, '--lake', base],
    ['follow', '--once', '--lake', base],
  ]) {
    const { code, err } = await warm(command)
    expect({ code, err }).toEqual({ code: 0, err: expect.any(String) })
  }
}, 120_000)

interface Message {
  id: string
  title: string
  page: string
  reviews: string[]
}

/** A lake with a run whose only source has no objects; it is told to end when it has done a round. */
function place(name: string, more = '', destinations = '') {
  const own = join(folder, name)
  cpSync(base, join(own, 'lake'), { recursive: true })
  mkdirSync(join(own, 'logs'))
  writeFileSync(
    join(own, 'loglake.yaml'),
    `lake: lake
run: { port: 0 }
serve: { url: https://loglake.example.com }
sources:
  nothing: { type: folder, paths: [logs] }
destinations:
  board: { type: file, path: board.ndjson }${destinations}
review:
  people: ${people}
  remind:
    to: [board${more || ']'}
`,
  )
  const board = join(own, 'board.ndjson')
  return {
    run: (killAt = 'reminders-done:1:SIGTERM') =>
      loglake(['run', '--config', join(own, 'loglake.yaml')], {
        cwd: own,
        env: { LOGLAKE_KILL_AT: killAt },
      }),
    told: (): Message[] =>
      existsSync(board)
        ? readFileSync(board, 'utf8')
            .split('\n')
            .filter(Boolean)
            .map((line) => JSON.parse(line) as Message)
        : [],
    outcomes: () =>
      rowsOf<{ outcome: string; rows: number }>(
        join(own, 'lake'),
        'select outcome, count(*)::int as rows from review_notice group by all order by all',
      ),
  }
}

it('tells every reviewer once, with where to decide', async () => {
  const { run, told, outcomes } = place('once')
  const { code, err } = await run()
  expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('review reminders') })
  const first = told()
  expect(first.length).toBeGreaterThan(1)
  expect(first[0]).toMatchObject({ page: 'https://loglake.example.com/reviews' })
  expect(first.map(({ title }) => title).join()).toMatch(/reviews wait for dalia@example\.com, overdue/)
  await run()
  await run()
  // What went up to the next person in the first run is told to them, and nothing to anybody twice.
  const all = told().flatMap(({ title, reviews }) => {
    const [, who] = /wait for (\S+),/.exec(title) ?? []
    return reviews.map((id) => `${who} ${id}`)
  })
  expect(new Set(all).size).toBe(all.length)
  const [planned, sent] = await outcomes()
  expect([planned?.outcome, sent?.outcome]).toEqual(['planned', 'sent'])
  expect(sent?.rows).toBe(planned?.rows)
  expect(sent?.rows).toBe(all.length)
})

it.each(['reminders-planned', 'reminder-sent'])(
  'killed at %s, it goes on where it was: all are told, and what is told twice has the same id and words',
  async (step) => {
    const { run, told, outcomes } = place(`killed-${step}`)
    const { code } = await run(step)
    expect(code).not.toBe(0)
    const before = told()
    expect(before.length).toBe(step === 'reminders-planned' ? 0 : 1)
    await run()
    await run()
    const after = told()
    const ids = after.map(({ id }) => id)
    expect(new Set(ids).size).toBeGreaterThan(2)
    // Only the last one, which nobody had written down as sent, may come again.
    expect(ids.length - new Set(ids).size).toBe(before.length === 0 ? 0 : 1)
    const again = after.filter(({ id }) => id === before.at(-1)?.id)
    for (const one of again) expect(one).toEqual(again[0])
    const [planned, sent] = await outcomes()
    expect(sent?.rows).toBe(planned?.rows)
  },
)

it('says of a destination that is not there, where it is named', async () => {
  const { run } = place('odd', ']\n    before_days: [3]')
  writeFileSync(
    join(folder, 'odd', 'loglake.yaml'),
    readFileSync(join(folder, 'odd', 'loglake.yaml'), 'utf8').replace('to: [board]', 'to: [bord]'),
  )
  const { code, err } = await run()
  expect(code).not.toBe(0)
  expect(err).toMatch(/there is no destination "bord" in loglake.yaml.*board/)
})

it('goes to each reviewer by mail, and to a channel of Slack', async () => {
  const mails: { to: string[]; text: string }[] = []
  const mail = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    async onData(stream, { envelope }, done) {
      let text = ''
      for await (const chunk of stream) text += chunk
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), text })
      done()
    },
  })
  const posts: { text: string }[] = []
  const channel = createServer(async (request, answer) => {
    let text = ''
    for await (const chunk of request) text += chunk
    posts.push(JSON.parse(text))
    answer.end('ok')
  })
  await Promise.all([
    new Promise<void>((done) => mail.listen(0, '127.0.0.1', done)),
    new Promise<void>((done) => channel.listen(0, '127.0.0.1', done)),
  ])
  const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port
  const { run, told } = place(
    'mail',
    ', mail, slack]\n    mail_reviewer: true',
    `
  mail:
    { type: smtp, host: 127.0.0.1, port: ${portOf(mail.server)}, security: none, from: loglake@example.com, to: [security@example.com] }
  slack: { type: slack, url: "http://127.0.0.1:${portOf(channel)}/services/T0/B0/x" }`,
  )
  try {
    const { code, err } = await run()
    expect({ code, err }).toEqual({ code: 0, err: expect.stringContaining('review reminders') })
  } finally {
    await Promise.all([
      new Promise<void>((done) => mail.close(done)),
      new Promise<void>((done) => channel.close(() => done())),
    ])
  }
  const titles = told().map(({ title }) => title)
  expect(posts.map(({ text }) => text.replace(/^\S+ /, '')).sort()).toEqual(titles.sort())
  expect(mails.length).toBe(titles.length)
  for (const { to, text } of mails) {
    expect(to.length).toBe(1)
    const title = titles.find((one) => one.includes(`wait for ${to[0]},`))
    expect(text.replaceAll('\r\n ', ' ')).toContain(`Subject: loglake: ${title}`)
    expect(text.replaceAll('=\r\n', '')).toContain('https://loglake.example.com/reviews')
    // Ids are for programs.
    expect(text).not.toContain('session:')
  }
})
