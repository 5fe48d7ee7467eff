import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loglake, PROGRAM, rowsOf } from '../e2e/program.ts'
import { makeObjects, type Truth } from '../faults/objects.ts'
import { boto, type Call } from './boto.ts'
import { freePort } from './listening.ts'
import { type Moto, startMoto } from './moto.ts'
import { startProxy } from './proxy.ts'
import { announcedBucket, empty, freshFolder, IN_REGION, inQueue, puts, until } from './world.ts'

let moto: Moto
beforeAll(async () => {
  moto = await startMoto()
})
afterAll(() => moto.stop())

const started: ChildProcess[] = []
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

interface Line {
  level: number
  msg: string
  source?: string
  [fact: string]: unknown
}

interface Program {
  child: ChildProcess
  port: number
  lines: Line[]
  output(): string
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
  get(path: string): Promise<{ status: number; text: string }>
}

/** Starts `loglake run` with a configuration. */
async function start(folder: string, config: object, env: Record<string, string> = {}): Promise<Program> {
  const port = await freePort()
  // JSON is YAML.
  writeFileSync(
    join(folder, 'loglake.yaml'),
    JSON.stringify({ run: { port }, ingest: { memory: '512MiB' }, ...config }),
  )
  const child = spawn(process.execPath, [PROGRAM, 'run'], {
    cwd: folder,
    env: { ...process.env, ...moto.env, ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  started.push(child)
  const lines: Line[] = []
  let output = ''
  let rest = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    const parts = (rest + chunk.toString()).split('\n')
    rest = parts.pop() ?? ''
    for (const part of parts) if (part.startsWith('{')) lines.push(JSON.parse(part) as Line)
  })
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  )
  // From then on it listens to signals; the first may have left nothing to do.
  const isOver = () => child.exitCode !== null || child.signalCode !== null
  await until(() => isOver() || lines.some(({ msg }) => msg === 'running'))
  return {
    child,
    port,
    lines,
    output: () => output,
    ended,
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      return { status: response.status, text: await response.text() }
    },
  }
}

const SOON = { seconds: 1, objects: 4 }
const queueSource = (queue: string, more: object = {}) => ({
  type: 's3-queue',
  queue,
  identity: moto.identity,
  commit: SOON,
  visibility_seconds: 3,
  ...more,
})
const groupSource = (pattern: string) => ({
  type: 'cloudwatch-logs',
  groups: [pattern],
  identity: moto.identity,
  since: '1h',
  poll_seconds: 1,
  commit: SOON,
})

/** Puts lines into a log group of an endpoint. */
async function logLines(group: string, from: number, count: number): Promise<void> {
  const nowMs = Date.now()
  const logEvents = Array.from({ length: count }, (_, at) => ({
    timestamp: nowMs - (count - at) * 10,
    message: `line ${from + at}`,
  }))
  const made: Call[] =
    from === 0
      ? [
          ['logs', 'create_log_group', { logGroupName: group }],
          ['logs', 'create_log_stream', { logGroupName: group, logStreamName: 'AllTraffic/i-1' }],
        ]
      : []
  const put: Call = [
    'logs',
    'put_log_events',
    { logGroupName: group, logStreamName: 'AllTraffic/i-1', logEvents },
  ]
  await boto(moto, [...made, put])
}

const countLines = async (lake: string, group: string) => {
  const sql = `select count(*)::integer as rows, count(distinct message)::integer as lines from cloudwatch_log where loggroup = '${group}'`
  const [row] = await rowsOf<{ rows: number; lines: number }>(lake, sql)
  return row
}

/** Holds the lake against what was put into a bucket and a log group: each object and each row once, and the ledger agrees. */
async function expectAll(lake: string, truth: Truth, bucket: string, lines: number): Promise<void> {
  const [found] = await rowsOf(
    lake,
    `select
       (select count(*)::integer from cloudtrail) as rows,
       (select count(distinct eventid)::integer from cloudtrail) as ids,
       (select count(*)::integer from cloudwatch_log) as lines,
       (select count(distinct message)::integer from cloudwatch_log) as distinct_lines,
       (select sum(records_stored)::integer from ledger) as stored,
       (select sum(records_read - records_stored - records_repeated - records_skipped - records_rejected)::integer from ledger) as left_over,
       (select count(*)::integer from ledger where lake_object like 's3://${bucket}/%') as objects,
       (select count(distinct lake_object)::integer from ledger where lake_object like 's3://${bucket}/%') as distinct_objects,
       (select sum(records_read)::integer from ledger where lake_object like 's3://${bucket}/%') as read,
       (select count(*)::integer from reject) as rejected`,
  )
  const rows = truth.ids.size + truth.nameless
  const objects = truth.files.length
  expect(found).toEqual({
    rows,
    ids: truth.ids.size,
    lines,
    distinct_lines: lines,
    stored: rows + lines,
    left_over: 0,
    objects,
    distinct_objects: objects,
    read: truth.read,
    rejected: truth.rejected,
  })
}

describe('loglake run', () => {
  it('fills a lake from two sources at once, and tells how it goes', async () => {
    const folder = freshFolder('run')
    const lake = join(folder, 'lake')
    const { queue } = await announcedBucket(moto, 'run-two')
    const truth = makeObjects(freshFolder('objects'), { objects: 10, seed: 71 })
    await boto(moto, puts('run-two', truth.files))
    await logLines('/aws/sagemaker/Endpoints/two', 0, 50)
    const sources = { trail: queueSource(queue), endpoints: groupSource('/aws/sagemaker/Endpoints/two*') }
    const program = await start(folder, { sources })
    await empty(moto, queue)
    await logLines('/aws/sagemaker/Endpoints/two', 50, 20)
    await until(async () => /outcome="stored"} 70$/m.test((await program.get('/metrics')).text))
    expect(await program.get('/healthz')).toEqual({ status: 200, text: 'ok\n' })
    expect(JSON.parse((await program.get('/readyz')).text)).toMatchObject({
      ready: true,
      sources: { trail: 'running', endpoints: 'running' },
    })
    const { text } = await program.get('/metrics')
    expect(text).toContain(
      `loglake_records_total{source="trail",outcome="stored"} ${truth.ids.size + truth.nameless}`,
    )
    expect(text).toMatch(/^loglake_lag_seconds\{source="endpoints"\} \d/m)
    expect(text).toContain('loglake_in_flight{source="trail"} 0')
    program.child.kill('SIGTERM')
    expect(await program.ended).toEqual({ code: 0, signal: null })
    expect(program.lines.at(-1)?.msg).toBe('ended')
    expect(program.output()).not.toContain('not-a-secret')
    await expectAll(lake, truth, 'run-two', 70)
  })

  it('at SIGTERM commits or gives back, and goes on when it is started again', async () => {
    const folder = freshFolder('run')
    const lake = join(folder, 'lake')
    const { queue } = await announcedBucket(moto, 'run-term')
    const truth = makeObjects(freshFolder('objects'), { objects: 30, seed: 72 })
    await boto(moto, puts('run-term', truth.files))
    await logLines('/aws/sagemaker/Endpoints/term', 0, 30)
    const sources = { trail: queueSource(queue), endpoints: groupSource('/aws/sagemaker/Endpoints/term') }
    const first = await start(folder, { sources })
    await until(() =>
      first.lines.some(({ msg, source }) => msg.startsWith('committed') && source === 'trail'),
    )
    first.child.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    const { out } = await loglake(['status', '--json'], { cwd: folder, env: moto.env })
    const waiting = (JSON.parse(out) as { sources: { name: string; waiting: object }[] }).sources
    const [visible, hidden] = await inQueue(moto, queue)
    expect(waiting).toMatchObject([
      { name: 'trail', waiting: { objects: visible + hidden } },
      { name: 'endpoints', waiting: { readUntilMs: expect.any(Number) } },
    ])
    const second = await start(folder, { sources })
    await empty(moto, queue)
    await until(async () => (await countLines(lake, '/aws/sagemaker/Endpoints/term'))?.rows === 30)
    second.child.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    await expectAll(lake, truth, 'run-term', 30)
  })

  it.each(['staged:2', 'catalog-written:2', 'message-deleted:3'])(
    'killed at %s, it goes on when it is started again, and each row is there once',
    async (killAt) => {
      const folder = freshFolder('run')
      const lake = join(folder, 'lake')
      const bucket = `run-kill-${killAt.replace(/\W/g, '-')}`
      const group = `/aws/sagemaker/Endpoints/${bucket}`
      const { queue } = await announcedBucket(moto, bucket)
      const truth = makeObjects(freshFolder('objects'), { objects: 12, seed: 73 })
      await boto(moto, puts(bucket, truth.files))
      await logLines(group, 0, 40)
      const sources = { trail: queueSource(queue), endpoints: groupSource(group) }
      const victim = await start(folder, { sources }, { LOGLAKE_KILL_AT: killAt })
      expect((await victim.ended).signal).toBe('SIGKILL')
      const survivor = await start(folder, { sources })
      await empty(moto, queue)
      await until(async () => (await countLines(lake, group))?.rows === 40)
      survivor.child.kill('SIGTERM')
      expect((await survivor.ended).code).toBe(0)
      await expectAll(lake, truth, bucket, 40)
    },
  )

  it('goes on with one source while another has no queue, and takes that up once there is one', async () => {
    const folder = freshFolder('run')
    const lake = join(folder, 'lake')
    const { queue } = await announcedBucket(moto, 'run-late')
    const missing = queue.replace('run-late', 'run-missing')
    const truth = makeObjects(freshFolder('objects'), { objects: 6, seed: 74 })
    await boto(moto, puts('run-late', truth.files))
    const program = await start(folder, {
      sources: { trail: queueSource(queue), other: queueSource(missing) },
    })
    await empty(moto, queue)
    await until(() =>
      program.lines.some(({ source, msg }) => source === 'other' && msg.startsWith('source failed')),
    )
    const { status, text } = await program.get('/readyz')
    expect(status).toBe(200)
    expect(JSON.parse(text).sources.trail).toBe('running')
    expect((await program.get('/metrics')).text).toContain('loglake_source_up{source="trail"} 1')
    const { queue: made } = await announcedBucket(moto, 'run-missing')
    expect(made).toBe(missing)
    const more = makeObjects(freshFolder('objects'), { objects: 4, seed: 75, prefix: 'm', sound: true })
    await boto(moto, puts('run-missing', more.files))
    await until(async () => (await inQueue(moto, made)).every((count) => count === 0))
    program.child.kill('SIGTERM')
    expect((await program.ended).code).toBe(0)
    const failed = program.lines.find(({ level, source }) => level === 50 && source === 'other')
    expect(String(failed?.failure)).toMatch(/there is no such bucket, queue or log group/)
    const all = await rowsOf<{ rows: number }>(lake, 'select count(*)::integer as rows from cloudtrail')
    expect(all).toEqual([{ rows: truth.ids.size + truth.nameless + more.ids.size + more.nameless }])
  })

  it('lists a bucket again and again, tells when that fails, and stops and goes on when it is told to', async () => {
    const folder = freshFolder('run')
    const lake = join(folder, 'lake')
    const proxy = await startProxy(moto.endpoint)
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '/')
    const truth = makeObjects(freshFolder('objects'), { objects: 10, seed: 76, sound: true })
    const [old = [], fresh = []] = [truth.files.slice(0, 5), truth.files.slice(5)]
    const later = (files: readonly string[]) =>
      puts('run-list', files).map(
        ([s, m, args]) =>
          [s, m, { ...args, Key: String(args.Key).replace(/\d{4}\/\d{2}\/\d{2}/, today) }] as const,
      )
    await boto(moto, [
      ['s3', 'create_bucket', { Bucket: 'run-list', ...IN_REGION }],
      ...puts('run-list', old),
    ])
    const source = { type: 's3', bucket: 'run-list', prefix: 'AWSLogs/', poll_seconds: 1, commit: SOON }
    const identity = { ...moto.identity, endpoint: proxy.endpoint }
    const program = await start(folder, { sources: { trail: { ...source, identity } } })
    const stored = async () =>
      Number(
        /objects_total\{source="trail",outcome="stored"\} (\d+)/.exec(
          (await program.get('/metrics')).text,
        )?.[1],
      )
    await until(() => program.lines.some(({ msg }) => msg === 'running'))
    await until(async () => (await stored()) === old.length)

    proxy.fault = ({ path }) =>
      path.includes('list-type=2') ? { kind: 'refuse', status: 403, code: 'AccessDenied' } : undefined
    await until(async () => /failing_places\{source="trail"\} 1/.test((await program.get('/metrics')).text))
    const ofSource = program.lines.filter((line) => line.source === 'trail')
    expect(ofSource.at(-1)).toMatchObject({ level: 40, msg: 'a part of it fails', count: 1 })
    await boto(moto, later(fresh.slice(0, 2)))
    proxy.fault = () => undefined
    await until(async () => (await stored()) === old.length + 2)
    expect(program.lines.some(({ msg }) => msg === 'nothing of it fails any more')).toBe(true)

    expect((await loglake(['stop', 'trail', '--force', '--because', 'a test', '--lake', lake])).code).toBe(0)
    await until(async () => (await program.get('/metrics')).text.includes('source_stopped{source="trail"} 1'))
    await boto(moto, later(fresh.slice(2)))
    expect((await loglake(['resume', 'trail', '--lake', lake])).code).toBe(0)
    await until(async () => (await stored()) === truth.files.length)
    // Later listings look at today and yesterday, and not at what years and months there are.
    const lists = proxy.seen.filter(({ path }) => path.includes('list-type=2')).map(({ path }) => path)
    expect(lists.slice(-20).join()).toContain(encodeURIComponent(`/${today}/`))
    expect(lists.slice(-20).some((path) => /prefix=[^&]*%2F\d{4}%2F(&|$)/.test(path))).toBe(false)
    program.child.kill('SIGTERM')
    expect((await program.ended).code).toBe(0)
    await proxy.stop()
    const rows = await rowsOf<{ rows: number }>(lake, 'select count(*)::integer as rows from cloudtrail')
    expect(rows).toEqual([{ rows: truth.ids.size + truth.nameless }])
  })

  it('needs sources, and those that are named must be there', async () => {
    const folder = freshFolder('run')
    const none = await start(folder, {})
    expect((await none.ended).code).toBe(2)
    expect(none.output()).toMatch(/there are no sources/)
  })
})
