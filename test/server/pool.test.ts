import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { placesOf, poolThreads } from '../../src/api/services.ts'
import { freshFolder, loglake, PROGRAM, SAMPLES } from '../e2e/program.ts'

const folder = freshFolder()
const lake = join(folder, 'lake')
const pipes = join(folder, 'pipes')

beforeAll(async () => {
  expect(await loglake(['ingest', SAMPLES, '--lake', lake])).toMatchObject({ code: 0 })
  mkdirSync(pipes)
  execFileSync(
    'mkfifo',
    Array.from({ length: 64 }, (_, at) => join(pipes, `${at}`)),
  )
})

/** How many threads of the pool of a started server can wait at once. */
async function threadsOf(args: readonly string[], own: Record<string, string>): Promise<number> {
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env
  const server = spawn(
    process.execPath,
    ['--require', resolve('test/server/pool-probe.cjs'), PROGRAM, ...args],
    {
      env: { ...env, ...own, PIPES: pipes },
    },
  )
  try {
    return await new Promise((told, failed) => {
      let [out, err] = ['', '']
      server.stdout.on('data', (part) => {
        out += part
        if (/http:\S+\n/.test(out)) server.kill('SIGUSR2')
      })
      server.stderr.on('data', (part) => {
        err += part
        const found = /(\d+) threads wait/.exec(err)
        if (found) told(Number(found[1]))
      })
      server.on('close', (code) => failed(new Error(`serve ended with ${code}: ${err}`)))
    })
  } finally {
    // It would wait for its threads.
    server.kill('SIGKILL')
  }
}

describe('the pool of threads', () => {
  const WANTED = placesOf(availableParallelism(), Number.POSITIVE_INFINITY) + 4
  const serve = ['serve', '--port', '0', '--lake', lake]
  it.each([
    ['has four threads beside the places for statements', serve, {}, WANTED],
    ['has the size that the environment says', serve, { UV_THREADPOOL_SIZE: '3' }, 3],
  ])('of a server %s', async (_, args, own, threads) => {
    expect(await threadsOf(args, own)).toBe(threads)
  })

  it('has a place less than threads, however few there are', () => {
    expect([placesOf(2, 8), placesOf(8, 4), placesOf(1, 1)]).toEqual([4, 3, 1])
    expect(['16', '', '0', '7 threads'].map(poolThreads)).toEqual([16, 1, 1, 7])
  })
})
