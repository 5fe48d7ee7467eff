import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { LakeError } from '../../lib/errors.ts'
import { type FileCache, fileCache } from './cache.ts'

const MiB = 1 << 20
let folder: string
let fetches: number

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'))
  fetches = 0
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A cache as another process would open it. */
function cache(options: { bytes?: number; afresh?: boolean } = {}): FileCache {
  return fileCache({ folder, bytes: 100 * MiB, ...options })
}

function fetching(content: string | Uint8Array) {
  return async (path: string) => {
    fetches++
    writeFileSync(path, content, { flag: 'wx' })
  }
}

const keyOf = (name: string) => `tables/t/data/${name}.parquet`
const copies = () => readdirSync(join(folder, 'files'))
const sizeOfCopies = () => copies().reduce((sum, name) => sum + statSync(join(folder, 'files', name)).size, 0)

describe('a copy', () => {
  it('is fetched once for all processes', async () => {
    const path = await cache().hold(keyOf('a'), fetching('one'))
    expect(readFileSync(path, 'utf8')).toBe('one')
    expect(readFileSync(await cache().hold(keyOf('a'), fetching('two')), 'utf8')).toBe('one')
    expect(Buffer.from(await cache().read(keyOf('a'), fetching('two'))).toString()).toBe('one')
    expect(fetches).toBe(1)
  })

  it('is fetched once for all who ask at the same time, and again when that failed', async () => {
    const one = cache()
    const failing = async () => {
      fetches++
      await wait(50)
      throw new LakeError('made to fail', { file: 'x', remedy: 'none' })
    }
    const failed = await Promise.allSettled([1, 2, 3].map(() => one.hold(keyOf('a'), failing)))
    expect(failed.map(({ status }) => status)).toEqual(Array(3).fill('rejected'))
    expect(fetches).toBe(1)
    await Promise.all([1, 2, 3].map(() => one.hold(keyOf('a'), fetching('one'))))
    expect(fetches).toBe(2)
    expect(
      readdirSync(join(folder, 'drafts')).flatMap((own) => readdirSync(join(folder, 'drafts', own))),
    ).toEqual([])
  })

  it('of which only a half came is none', async () => {
    const half = async (path: string) => {
      writeFileSync(path, 'ha')
      throw new Error('cut off')
    }
    await expect(cache().hold(keyOf('a'), half)).rejects.toThrow('cut off')
    expect(copies()).toEqual([])
    expect(readFileSync(await cache().hold(keyOf('a'), fetching('half')), 'utf8')).toBe('half')
  })

  it('is taken from what was just written', async () => {
    const one = cache()
    await one.keep(keyOf('a'), Buffer.from('one'))
    const file = join(await one.workplace(), 'x')
    writeFileSync(file, 'two')
    await one.take(file, keyOf('b'))
    expect(existsSync(file)).toBe(false)
    expect(readFileSync(await cache().hold(keyOf('a'), fetching('')), 'utf8')).toBe('one')
    expect(readFileSync(await cache().hold(keyOf('b'), fetching('')), 'utf8')).toBe('two')
    expect(fetches).toBe(0)
  })

  it('is not believed by whoever wants to know what the lake holds', async () => {
    await cache().hold(keyOf('a'), fetching('copied before'))
    const one = cache({ afresh: true })
    expect(readFileSync(await one.hold(keyOf('a'), fetching('in the lake')), 'utf8')).toBe('in the lake')
    await one.read(keyOf('a'), fetching('x'))
    expect(fetches).toBe(2)
  })

  it('of another size than the file has is not used', async () => {
    const one = cache()
    one.release([await one.hold(keyOf('a'), fetching('whole'))])
    writeFileSync(join(folder, 'files', 'a.parquet'), 'who')
    expect(readFileSync(await one.hold(keyOf('a'), fetching('whole'), 5), 'utf8')).toBe('whole')
    expect(fetches).toBe(2)
    // The reader checks what the lake returned.
    expect(readFileSync(await one.hold(keyOf('b'), fetching('short'), 9), 'utf8')).toBe('short')
  })

  it('of a file that may change is fetched each time', async () => {
    const one = cache()
    expect(readFileSync(await one.place('catalog/newest', fetching('1')), 'utf8')).toBe('1')
    expect(readFileSync(await one.place('catalog/newest', fetching('2')), 'utf8')).toBe('2')
    expect(copies()).toEqual([])
  })

  it('that cannot be kept is the fault of the folder', async () => {
    writeFileSync(join(folder, 'file'), '')
    const wrong = fileCache({ folder: join(folder, 'file'), bytes: MiB })
    await expect(wrong.hold(keyOf('a'), fetching('one'))).rejects.toThrow(
      /cache.*\n.*\n.*storage\.cache\.folder/,
    )
  })
})

describe('the bound', () => {
  it('holds, whatever comes', async () => {
    const one = cache({ bytes: 10 * MiB })
    for (let n = 0; n < 60; n++) {
      one.release([await one.hold(keyOf(`f${n}`), fetching(Buffer.alloc(MiB)))])
      expect(sizeOfCopies()).toBeLessThanOrEqual(10 * MiB)
    }
    expect(sizeOfCopies()).toBeGreaterThan(5 * MiB)
  })

  it('holds for many processes that add a little each', async () => {
    for (let n = 0; n < 60; n++) await cache({ bytes: 4 * MiB }).keep(keyOf(`f${n}`), Buffer.alloc(300_000))
    expect(sizeOfCopies()).toBeLessThanOrEqual(4 * MiB)
  })

  it('holds when many copies come at once, in processes that use none of them afterwards', async () => {
    const bound = 200 << 10
    const processes = [1, 2].map(() => cache({ bytes: bound }))
    const keep = (of: FileCache) => of.keep(keyOf(randomUUID()), Buffer.alloc(90_000))
    await Promise.all(processes.flatMap((of) => Array.from({ length: 6 }, () => keep(of))))
    await vi.waitFor(() => expect(sizeOfCopies()).toBeLessThanOrEqual(bound), { timeout: 5000 })
  })

  it('takes the longest unused first', async () => {
    const one = cache({ bytes: 4 * MiB })
    const old = (name: string, minutes: number) => {
      const then = new Date(Date.now() - minutes * 60_000)
      utimesSync(join(folder, 'files', `${name}.parquet`), then, then)
    }
    for (const name of ['a', 'b', 'c']) await one.keep(keyOf(name), Buffer.alloc(MiB))
    old('a', 30)
    old('b', 20)
    old('c', 10)
    one.release([await one.hold(keyOf('a'), fetching(''))])
    await one.keep(keyOf('d'), Buffer.alloc(MiB))
    expect(copies().sort()).toEqual(['a.parquet', 'c.parquet', 'd.parquet'])
  })

  it('takes nothing that a process was promised, however small it is', async () => {
    const holder = cache({ bytes: MiB })
    const held = await Promise.all(
      [1, 2, 3].map((n) => holder.hold(keyOf(`held${n}`), fetching(Buffer.alloc(MiB, n)))),
    )
    const other = cache({ bytes: MiB })
    for (let n = 0; n < 20; n++)
      other.release([await other.hold(keyOf(`f${n}`), fetching(Buffer.alloc(MiB)))])
    for (const [index, path] of held.entries())
      expect(readFileSync(path).equals(Buffer.alloc(MiB, index + 1))).toBe(true)
    holder.release(held)
    expect(held.some((path) => existsSync(path))).toBe(false)
    // A look that began while they were held may end after it, and notes for the next caller that there is
    // too much.
    let next = 0
    await vi.waitFor(async () => {
      await cache({ bytes: MiB }).keep(keyOf(`last${next++}`), Buffer.from('x'))
      expect(sizeOfCopies()).toBeLessThanOrEqual(MiB)
    })
  })

  it('leaves a file in use also where its name is taken away', async () => {
    const one = cache()
    const path = await one.hold(keyOf('a'), fetching('one'))
    await one.forget(keyOf('a'))
    await one.forget(keyOf('a'))
    expect(readFileSync(path, 'utf8')).toBe('one')
    expect(await one.hold(keyOf('a'), fetching('one'))).toBe(path)
    one.release([path])
    expect(existsSync(path)).toBe(true)
    one.release([path])
    expect(existsSync(path)).toBe(false)
  })
})

describe('what a process leaves', () => {
  /** The folders of a process whose last sign of life is some minutes old. */
  function leftBy(owner: string, minutes: number): string {
    const own = `${owner}~${randomUUID()}`
    for (const place of ['drafts', 'work', 'held']) {
      mkdirSync(join(folder, place, own), { recursive: true })
      writeFileSync(join(folder, place, own, 'x'), 'half')
    }
    const then = new Date(Date.now() - minutes * 60_000)
    utimesSync(join(folder, 'held', own), then, then)
    return own
  }
  const left = (own: string) =>
    ['drafts', 'work', 'held'].filter((place) => existsSync(join(folder, place, own)))

  it('is cleared away once it is gone, and not before', async () => {
    const dead = await new Promise<number>((gone) => {
      const child = spawn(process.execPath, ['-e', ''])
      child.on('exit', () => gone(child.pid as number))
    })
    const killed = leftBy(`${hostname()}~${dead}`, 5)
    const justKilled = leftBy(`${hostname()}~${dead}`, 0)
    const alive = leftBy(`${hostname()}~${process.pid}`, 60)
    const elsewhere = leftBy('another-host~1', 60)
    const longGone = leftBy('another-host~1', 60 * 25)
    await cache().workplace()
    expect(left(killed)).toEqual([])
    expect(left(longGone)).toEqual([])
    for (const own of [justKilled, alive, elsewhere]) expect(left(own)).toHaveLength(3)
  })

  it('is nothing when it ends by itself', async () => {
    const script = `
      const { fileCache } = await import(process.argv[1])
      const { writeFileSync } = await import('node:fs')
      const cache = fileCache({ folder: process.argv[2], bytes: 1e6 })
      await cache.workplace()
      const path = await cache.hold('a/b', async (path) => writeFileSync(path, 'one'))
      process.stdout.write(path)`
    const built = new URL('../../../dist/lake/storage/cache.js', import.meta.url).href
    const held = await new Promise<string>((done) => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', script, built, folder])
      let output = ''
      child.stdout.on('data', (chunk) => {
        output += chunk
      })
      child.on('close', () => done(output))
    })
    expect(held.startsWith(join(folder, 'held'))).toBe(true)
    expect(existsSync(held)).toBe(false)
    for (const place of ['drafts', 'work', 'held']) expect(readdirSync(join(folder, place))).toEqual([])
    expect(copies()).toEqual(['b'])
  })
})
