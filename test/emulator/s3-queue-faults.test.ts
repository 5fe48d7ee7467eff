import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Identity } from '../../src/aws/identity.ts'
import { INGEST_STEPS } from '../../src/ingest/steps.ts'
import { COMMIT_STEPS } from '../../src/lake/steps.ts'
import { QUEUE_STEPS } from '../../src/sources/queue/steps.ts'
import { loglake } from '../e2e/program.ts'
import { full } from '../faults/form.ts'
import { Tally } from '../faults/tally.ts'
import { boto, bytes } from './boto.ts'
import { type Moto, startMoto } from './moto.ts'
import { cloudTrail, eventBridge, s3Direct, sns, type Told } from './notices.ts'
import type { Fault, Seen } from './proxy.ts'
import { dies, type Place, type Scene, type Trial, tryOut, wellEnded } from './trial.ts'
import { readsLog, skewed, WIRE } from './wire.ts'
import { empty, freshFolder, IN_REGION, inQueue, until } from './world.ts'

const tally = new Tally('struck')
let moto: Moto

beforeAll(async () => {
  moto = await startMoto()
  // This process looks on, through copies of its own.
  process.env.AWS_ENDPOINT_URL = moto.endpoint
  process.env.XDG_CACHE_HOME = freshFolder('cache')
  await boto(moto, [['s3', 'create_bucket', { Bucket: 'example-lake', ...IN_REGION }]])
})
afterAll(async () => {
  tally.print()
  await moto.stop()
})

/** One row of the table per trial and place; the short form has each trial in one place, or none. */
function rows(
  trials: readonly (Trial & { short?: Place[] })[],
): [fault: string, place: Place, trial: Trial][] {
  return trials.flatMap((trial) => {
    const places: Place[] = full ? ['disk', 'S3'] : (trial.short ?? [])
    return places.map((place) => [trial.fault, place, trial] as [string, Place, Trial])
  })
}

/** So that no worker takes everything: there is something for the others, and commits are lost to each other. */
const SHARED = {
  objects: full ? 40 : 22,
  how: { settings: { max_in_flight: 10, receivers: 1 }, options: { batchObjects: 2 } },
}

const TIMES = full ? 3 : 1

/** Trials mostly wait: some run side by side. */
function matrix(trials: readonly (Trial & { short?: Place[] })[]): void {
  it.concurrent.each(rows(trials))(
    '%s, lake on %s',
    { timeout: TIMES * 180_000 },
    async (_, place, trial) => {
      for (let n = 0; n < TIMES; n++) await tryOut(moto, tally, trial, place)
    },
  )
}

/** Counts what strikes on the wire. */
function strikes(scene: Scene, strike: (seen: Parameters<Scene['proxy']['fault']>[0]) => Fault | undefined) {
  const count = { struck: 0 }
  scene.proxy.fault = (seen) => {
    const fault = strike(seen)
    if (fault) count.struck++
    return fault
  }
  return count
}

describe('on the wire', () => {
  const SHORT: Record<string, Place[]> = {
    '500, though it was done': ['disk'],
    'a body shorter than the object, its length with it': ['disk'],
    throttling: ['disk'],
    'connection lost before the request': [],
  }
  matrix(
    WIRE.map(({ fault, strike, slow }) => ({
      fault,
      short: slow ? [] : (SHORT[fault] ?? ['S3']),
      async run(scene) {
        const count = strikes(scene, strike(scene.random))
        const worker = scene.worker()
        // Should it end by itself, what it said is told below.
        await Promise.race([empty(moto, scene.queue), worker.ended])
        await wellEnded(worker)
        return count.struck
      },
    })),
  )

  matrix([
    {
      fault: 'three workers, all of these',
      short: ['S3'],
      objects: SHARED.objects,
      async run(scene) {
        const strike = WIRE.at(-1)?.strike(scene.random)
        const count = strikes(scene, (seen) => strike?.(seen))
        const workers = [1, 2, 3].map(() => scene.worker(SHARED.how))
        await empty(moto, scene.queue)
        for (const worker of workers) await wellEnded(worker)
        return count.struck
      },
    },
    {
      fault: 'a clock an hour ahead, beside one that is right',
      short: ['S3'],
      run: (scene) => wrongClock(scene, 3_600_000),
    },
    {
      fault: 'a clock a day behind, beside one that is right',
      run: (scene) => wrongClock(scene, -86_400_000),
    },
  ])
})

/** AWS refuses what is signed with a wrong clock, and says what time it is; the worker goes by that from then on. */
async function wrongClock(scene: Scene, by: number): Promise<number> {
  const count = strikes(scene, skewed)
  const env = {
    NODE_OPTIONS: `--import=${new URL('./skewed.js', import.meta.url)}`,
    LOGLAKE_TEST_CLOCK_MS: String(by),
  }
  const wrong = scene.worker({ env })
  await until(() => wrong.progress().objects > 0)
  const right = scene.worker()
  await empty(moto, scene.queue)
  for (const worker of [wrong, right]) await wellEnded(worker)
  return count.struck
}

describe('what is wrong with the worker itself ends its run, and another finishes', () => {
  const refused =
    (code: string, said: RegExp, status = 400): Trial['run'] =>
    async (scene) => {
      let reads = 0
      const count = strikes(scene, (seen) => {
        if (readsLog(seen)) reads++
        return reads > 3 ? { kind: 'refuse', status, code } : undefined
      })
      const { error, signal, output } = await scene.worker().ended
      expect(signal, output).toBeNull()
      expect(error).toMatch(said)
      await scene.finish()
      return count.struck
    }
  matrix([
    {
      fault: 'expired credentials',
      short: ['disk'],
      run: refused('ExpiredToken', /credentials have expired/),
    },
    { fault: 'credentials withdrawn', run: refused('InvalidAccessKeyId', /does not know these/, 403) },
  ])
})

describe('credentials that end in the middle are renewed', () => {
  /** Who signed it, as far as it is one of the identity's own sessions. */
  const keyOf = ({ headers }: Seen) =>
    /Credential=((?:ASIA|AKIARENEWED)\w+)\//.exec(String(headers.authorization))?.[1]
  /** Refuses each session after so many requests, long before it said it would end. */
  const early =
    (identity: (folder: string) => { identity: Identity; env?: Record<string, string> }): Trial['run'] =>
    async (scene) => {
      const asked = new Map<string, number>()
      const count = strikes(scene, (seen) => {
        const key = keyOf(seen)
        if (key === undefined) return undefined
        asked.set(key, (asked.get(key) ?? 0) + 1)
        return (asked.get(key) ?? 0) > 20
          ? {
              kind: 'refuse',
              status: 400,
              code: seen.headers['x-amz-target'] ? 'ExpiredTokenException' : 'ExpiredToken',
            }
          : undefined
      })
      const worker = scene.worker(identity(freshFolder('identity')))
      // Should it end by itself, what it said is told below.
      await Promise.race([empty(moto, scene.queue), worker.ended])
      await wellEnded(worker)
      expect(asked.size).toBeGreaterThan(1)
      return count.struck
    }

  /** A profile whose program gives out a new session each time, which ends so many seconds from then. */
  const profile = (seconds: number) => (folder: string) => {
    const program = join(folder, 'credentials.mjs')
    const config = join(folder, 'config')
    writeFileSync(
      program,
      `console.log(JSON.stringify({ Version: 1, AccessKeyId: 'AKIARENEWED' + Date.now(), SecretAccessKey: 'not-a-secret',
        SessionToken: 'not-a-token', Expiration: new Date(Date.now() + ${seconds * 1000}).toISOString() }))`,
    )
    writeFileSync(
      config,
      `[profile renewed]\ncredential_process = ${process.execPath} ${program}\nregion = eu-central-1\n`,
    )
    return { identity: { profile: 'renewed' }, env: { AWS_CONFIG_FILE: config } }
  }

  matrix([
    {
      fault: "a role's session ends early",
      short: ['S3'],
      objects: full ? 16 : 6,
      run: early(() => ({ identity: { role_arn: 'arn:aws:iam::123456789012:role/loglake' } })),
    },
    { fault: "a profile's session ends early", short: ['disk'], objects: 16, run: early(profile(3600)) },
    {
      // They are renewed five minutes before, so that nothing is ever refused.
      fault: "a profile's sessions last for seconds",
      short: ['S3'],
      objects: full ? 16 : 6,
      async run(scene) {
        const first = new Map<string, number>()
        const count = strikes(scene, (seen) => {
          const key = keyOf(seen)
          if (key === undefined) return undefined
          if (!first.has(key)) first.set(key, performance.now())
          const old = performance.now() - (first.get(key) ?? 0) > 20_000
          return old ? { kind: 'refuse', status: 400, code: 'ExpiredToken' } : undefined
        })
        const worker = scene.worker({
          options: { batchObjects: 1 },
          ...profile(301)(freshFolder('identity')),
        })
        await empty(moto, scene.queue)
        await wellEnded(worker)
        expect(count.struck).toBe(0)
        return first.size - 1
      },
    },
  ])
})

describe('killed', () => {
  /** There are at least three batches, so each step comes three times. */
  const killed =
    (step: string): Trial['run'] =>
    async (scene) => {
      const nth = step === 'listed' ? 1 : full ? 1 + Math.floor(scene.random() * 3) : 2
      const victim = scene.worker({ env: { LOGLAKE_KILL_AT: `${step}:${nth}` } })
      const byItself = await dies(victim, scene.isEmpty)
      await scene.finish()
      return byItself ? 1 : 0
    }
  const SHORT: Record<string, Place[]> = {
    'object-read': ['disk'],
    staged: ['disk'],
    'data-adopted': ['S3'],
    'metadata-written': ['disk'],
    'catalog-written': ['S3'],
    acknowledged: ['disk'],
    'message-received': ['disk'],
    'message-deleted': ['disk'],
  }
  const steps = [...INGEST_STEPS, ...COMMIT_STEPS.filter((step) => step !== 'catalog-lost'), ...QUEUE_STEPS]
  matrix(steps.map((step) => ({ fault: `killed, ${step}`, short: SHORT[step] ?? [], run: killed(step) })))

  matrix([
    {
      fault: 'killed, catalog-lost',
      objects: SHARED.objects,
      async run(scene) {
        const victim = scene.worker({ ...SHARED.how, env: { LOGLAKE_KILL_AT: 'catalog-lost' } })
        const others = [1, 2].map(() => scene.worker(SHARED.how))
        const byItself = await dies(victim, scene.isEmpty)
        await empty(moto, scene.queue)
        for (const other of others) await wellEnded(other)
        return byItself ? 1 : 0
      },
    },
    {
      fault: 'killed, any instant',
      async run(scene) {
        const times = 5
        for (let n = 0; n < times; n++) {
          const victim = scene.worker()
          await victim.ready
          await wait(scene.random() * 2500)
          victim.child.kill('SIGKILL')
          await victim.ended
        }
        await scene.finish()
        return times
      },
    },
  ])
})

describe('messages', () => {
  matrix([
    {
      fault: 'asleep until messages expire, read by another',
      short: ['disk'],
      async run(scene) {
        // It gathers for long enough to fall asleep with everything in hand.
        const sleeper = scene.worker({ options: { batchAgeMs: 3000, batchObjects: 100 } })
        await until(async () => (await inQueue(moto, scene.queue))[0] === 0)
        sleeper.child.kill('SIGSTOP')
        await wait(4000)
        const other = scene.worker()
        await until(() => other.progress().objects > 0)
        sleeper.child.kill('SIGCONT')
        await empty(moto, scene.queue)
        const ends = [await sleeper.stop(), await other.stop()]
        for (const { error, output } of ends) expect(error, output).toBeUndefined()
        const listed = ends.map(({ totals }) => totals?.objects.listed ?? 0)
        expect(Math.min(...listed)).toBeGreaterThan(0)
        // What both have read is what expired.
        return listed.reduce((a, b) => a + b) - scene.truth.files.length
      },
    },
    {
      fault: 'each object announced three times',
      short: ['S3'],
      silent: true,
      async run(scene) {
        const ways = (one: Told) => [s3Direct(one), sns(eventBridge(one)), cloudTrail(one.bucket, one.key)]
        await scene.send(shuffled(scene, scene.told.flatMap(ways)))
        await scene.finish()
        return 2 * scene.told.length
      },
    },
    {
      fault: 'each object twice, under two keys',
      short: ['disk'],
      silent: true,
      async run(scene) {
        const copies = scene.told.map((one) => ({
          ...one,
          key: one.key.replace('.json.gz', '-copy.json.gz'),
        }))
        await copy(scene, copies)
        await scene.send(
          shuffled(
            scene,
            [...scene.told, ...copies].map((one) => s3Direct(one)),
          ),
        )
        const { files, nameless, read, rejected } = scene.truth
        scene.truth = {
          ...scene.truth,
          files: [...files, ...copies.map(({ bucket, key }) => `s3://${bucket}/${key}`)],
          // Events without an id are rows of their own in the copy, too.
          nameless: 2 * nameless,
          read: 2 * read,
          rejected: 2 * rejected,
        }
        await scene.finish()
        return copies.length
      },
    },
    {
      fault: 'the newest first',
      short: ['S3'],
      silent: true,
      async run(scene) {
        await scene.send(scene.told.toReversed().map((one) => s3Direct(one)))
        await scene.finish()
        return scene.told.length
      },
    },
  ])
})

function shuffled(scene: Scene, bodies: readonly string[]): string[] {
  return bodies
    .map((body) => ({ body, at: scene.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ body }) => body)
}

/** Puts every object of a scene again, under another key. */
async function copy(scene: Scene, copies: readonly Told[]): Promise<void> {
  await boto(
    moto,
    scene.files.map((file, at) => {
      const { bucket: Bucket, key: Key } = copies[at] as Told
      return ['s3', 'put_object', { Bucket, Key, Body: bytes(readFileSync(file)) }]
    }),
  )
}

describe('one object that cannot be read becomes a dead letter with its reason, and is in once it is replayed', () => {
  const never =
    (outcome: string, fault: Fault): Trial['run'] =>
    async (scene) => {
      const [{ key } = { key: '' }] = scene.told
      const count = strikes(scene, (seen) =>
        readsLog(seen) && seen.path.split('?')[0] === `/${scene.bucket}/${key}` ? fault : undefined,
      )
      const worker = scene.worker()
      await empty(moto, scene.queue)
      await wellEnded(worker)
      scene.dead = 1
      const list = await loglake(['deadletters', '--lake', scene.lake, '--format', 'json'])
      expect(JSON.parse(list.out), list.err).toMatchObject([
        { code: outcome, lake_object: `s3://${scene.bucket}/${key}` },
      ])
      const at = ['--lake', scene.lake, '--endpoint', moto.endpoint, '--region', 'eu-central-1']
      const again = await loglake(['deadletters', 'replay', ...at])
      expect(again.out, again.err).toMatch(/\n?1 dead letter replayed/)
      return count.struck
    }
  const receives = 2
  matrix([
    {
      fault: 'denied',
      short: ['disk'],
      receives,
      run: never('denied', { kind: 'refuse', status: 403, code: 'AccessDenied' }),
    },
    {
      fault: 'its key disabled',
      receives,
      run: never('key-denied', { kind: 'refuse', status: 400, code: 'KMS.DisabledException' }),
    },
    {
      fault: 'gone for a while',
      receives,
      run: never('missing', { kind: 'refuse', status: 404, code: 'NoSuchKey' }),
    },
    { fault: 'cut each time', short: ['S3'], receives, run: never('unreachable', { kind: 'cut' }) },
    { fault: 'short each time', receives, run: never('unreachable', { kind: 'short' }) },
    {
      fault: 'shorter than it is each time',
      short: ['disk'],
      receives,
      run: never('cut-short', { kind: 'shorten' }),
    },
    {
      fault: 'refused each time',
      receives,
      run: never('unreachable', { kind: 'refuse', status: 500, code: 'X' }),
    },
  ])
})
