import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { placesOf } from '../../src/api/services.ts'
import { listen } from '../../src/server/listen.ts'
import { SPAN, served } from '../api/served.ts'
import { freshFolder, loglake, PROGRAM, SAMPLES } from '../e2e/program.ts'
import { mountSmallDisk, type SmallDisk } from '../faults/small-disk.ts'

// A server under load, over a socket: it answers whether it is there, ends what nobody waits for, and shows nothing
// that it cannot record.

it('says that it is there while every page of 50 people waits for a place', async () => {
  const { app, asking, close } = await served()
  const server = await listen(app, '127.0.0.1', 0)
  const url = `http://127.0.0.1:${server.port}`
  const { admission } = asking.services
  const held: (() => void)[] = []
  // As many places as there are, however many that is.
  while (admission.standing().waiting === 0) {
    void admission.enter('page', 'load', new AbortController().signal).then((leave) => held.push(leave))
    await wait(0)
  }
  let answered = 0
  const pages = Array.from({ length: 50 }, async (_, at) => {
    const search = new URLSearchParams({ ...SPAN, limit: '1', where: `eventname:Person${at}` })
    const page = await fetch(`${url}/api/activity?${search}`, {
      headers: { as: `analyst:person-${at}@example.com` },
    })
    answered++
    return page.status
  })
  await expect.poll(() => admission.standing().waiting).toBeGreaterThanOrEqual(50)
  for (let n = 0; n < 20; n++) {
    const health = await fetch(`${url}/healthz`)
    expect([health.status, await health.text()]).toEqual([200, 'ok\n'])
  }
  expect(answered).toBe(0)
  // The one that waits behind them comes in, too.
  while (answered < 50) {
    for (const leave of held.splice(0)) leave()
    await wait(20)
  }
  expect(new Set(await Promise.all(pages))).toEqual(new Set([200]))
  for (const leave of held) leave()
  expect(admission.standing()).toEqual({ inside: 0, waiting: 0 })
  await server.close()
  await close()
}, 240_000)

interface Started {
  url: string
  /** Seconds of processor time that it has had. */
  cpu(): number
  close(): Promise<void>
}

async function started(args: readonly string[]): Promise<Started> {
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--port', '0', ...args])
  const ended = new Promise((done) => child.on('close', done))
  const url = await new Promise<string>((told, failed) => {
    let said = ''
    const read = (part: Buffer) => {
      said += part
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (found) told(found[0])
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.on('close', (code) => failed(new Error(`serve ended with ${code}: ${said}`)))
  })
  return {
    url,
    cpu() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      return (Number(fields[11]) + Number(fields[12])) / TICKS
    },
    async close() {
      child.kill()
      await ended
    },
  }
}

const TICKS = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }))
const folder = freshFolder()
const lake = join(folder, 'lake')

describe('a started server', () => {
  beforeAll(async () => {
    expect(await loglake(['ingest', SAMPLES, '--lake', lake])).toMatchObject({ code: 0 })
  })

  /** Counts on for hours, on one thread. */
  const ENDLESS = 'select count(*) from range(100000000000) a where hash(a.range) = 7'
  const asked = (url: string, sql: string, signal?: AbortSignal) =>
    fetch(`${url}/api/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sql }),
      ...(signal ? { signal } : {}),
    })

  it('stops working on the questions of a tab that was closed, and its places are free', async () => {
    const server = await started(['--lake', lake])
    const tab = new AbortController()
    const questions = Math.floor(placesOf(availableParallelism(), Number.POSITIVE_INFINITY) / 2)
    const running = Array.from({ length: questions }, () => asked(server.url, ENDLESS, tab.signal))
    const gone = Promise.allSettled(running)
    const begun = server.cpu()
    await expect.poll(() => server.cpu() - begun, { timeout: 60_000 }).toBeGreaterThan(1)
    tab.abort()
    expect((await gone).map(({ status }) => status)).toEqual(running.map(() => 'rejected'))
    // A question would go on for two minutes.
    const worked = async () => {
      const before = server.cpu()
      await wait(1_000)
      return server.cpu() - before
    }
    await expect.poll(worked, { timeout: 60_000, interval: 10 }).toBeLessThan(0.2)
    const next = await asked(server.url, 'select 1 as n')
    expect(next.status).toBe(200)
    expect(await next.json()).toMatchObject({ rows: [[1]] })
    await server.close()
  }, 180_000)

  it('replays rejects one at a time, and tells who asks meanwhile when to ask again', async () => {
    const server = await started(['--lake', lake])
    const replay = () =>
      fetch(`${server.url}/api/rejects-replay`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ dry_run: true }),
      })
    const answers = await Promise.all(Array.from({ length: 5 }, replay))
    const done = answers.filter(({ status }) => status === 200)
    const refused = answers.filter(({ status }) => status === 409)
    expect([done.length > 0, refused.length > 0, done.length + refused.length]).toEqual([true, true, 5])
    for (const one of refused) {
      expect(one.headers.get('retry-after')).toBe('5')
      expect(await one.json()).toMatchObject({ title: 'Under way', status: 409 })
    }
    expect((await replay()).status).toBe(200)
    await server.close()
  }, 120_000)

  it.skipIf(process.getuid?.() !== 0)(
    'shows nothing while the disk of the access log is full, says so, and goes on when there is space',
    async () => {
      const at = join(folder, 'small')
      mkdirSync(at)
      const disk = mountSmallDisk(at, 1 << 20)
      if (!disk) return void process.stdout.write('no small disk can be mounted here: the test is skipped\n')
      const config = join(folder, 'loglake.yaml')
      writeFileSync(config, `serve: {access_log: ${join(at, 'access')}}\n`)
      const server = await started(['--lake', lake, '--config', config])
      try {
        const sources = () => fetch(`${server.url}/api/sources`)
        expect((await sources()).status).toBe(200)
        leaveNothing(disk)
        // What is left of the page that the log is in takes a few lines more.
        let refused = await sources()
        for (let n = 0; n < 100 && refused.status === 200; n++) refused = await sources()
        const problem = await refused.json()
        expect([refused.status, refused.headers.get('content-type')]).toEqual([
          503,
          'application/problem+json',
        ])
        expect(problem).toMatchObject({
          title: 'Not recorded',
          detail: expect.stringMatching(/Nothing is shown.*space/),
        })
        expect(problem).not.toHaveProperty('sources')
        expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
        disk.resize(4 << 20)
        expect((await sources()).status).toBe(200)
      } finally {
        await server.close()
        disk.unmount()
      }
    },
    120_000,
  )

  function leaveNothing({ folder: at }: SmallDisk): void {
    const { bfree, bsize } = statfsSync(at)
    writeFileSync(join(at, 'filled'), Buffer.alloc(bfree * bsize))
  }
})
