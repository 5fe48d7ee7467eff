import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LakeError } from '../lib/errors.ts'
import type { Failure, LogObject } from '../sources/contract.ts'
import { batches } from './batch.ts'
import type { Batch } from './contract.ts'
import type { OpenedGroup, OpenRequest } from './open/contract.ts'
import type { Session } from './session.ts'
import { emptyTotals } from './totals.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'apart-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

interface Told extends LogObject {
  released: Failure[]
}

function object(name: string): Told {
  const released: Failure[] = []
  return {
    kind: 'object',
    ...{ uri: `s3://b/${name}`, version: 'v', bytes: 2, writtenMs: 0, released },
    read: async () => ({ bytes: new Uint8Array(Buffer.from(name)), version: 'v', writtenMs: 0 }),
    acknowledge: async () => undefined,
    release: async (why) => void released.push(why),
  }
}

/** The part of a session that opening objects needs; `open` replaces the worker threads. */
function sessionWith(open: (request: OpenRequest) => void): Session {
  let serial = 0
  return {
    ...{
      spool: folder,
      maxObjectBytes: 1 << 20,
      fetches: 4,
      fetchBytes: 1 << 20,
      threads: 1,
      types: 't',
      window: {},
    },
    ...{ batchBytes: 1 << 20, batchObjects: 100, filters: new Map(), stop: new AbortController() },
    ...{ wanted: () => true, nextSerial: () => serial++ },
    lake: { newest: async () => ({ table: async () => undefined }) },
    pool: {
      async open(request: OpenRequest): Promise<OpenedGroup> {
        open(request)
        const opened = request.objects.map(({ serial: number, uri }) => ({
          ...{
            serial: number,
            sha256: uri,
            expandedBytes: 2,
            envelope: 'e',
            read: 1,
            spooled: 1,
            rejected: [],
          },
        }))
        return { objects: opened, spools: [] }
      },
    },
  } as unknown as Session
}

const names = ({ objects }: Batch) => objects.map(({ object: { uri } }) => uri.slice(7))

describe('opening', () => {
  it('that fails for one object of many releases that one', async () => {
    const objects = ['a', 'b', 'bad', 'c'].map(object)
    let max = 0
    const session = sessionWith((request) => {
      max = Math.max(max, request.objects.length)
      if (request.objects.some(({ uri }) => uri.endsWith('bad'))) throw new TypeError('the text of a log')
    })
    const source = {
      name: 's',
      async *objects() {
        yield* objects
      },
    }
    const totals = emptyTotals()
    const found: string[] = []
    for await (const batch of batches(session, source, totals)) found.push(...names(batch))
    expect(found.sort()).toEqual(['a', 'b', 'c'])
    expect(max).toBe(4)
    expect(objects.map(({ released }) => released.length)).toEqual([0, 0, 1, 0])
    expect(objects[2]?.released).toEqual([{ outcome: 'failed', reason: 'opening it fails: TypeError' }])
    expect(totals.objects).toMatchObject({ listed: 4, failed: 1 })
  })

  it('that fails of the lake or the machine ends the run', async () => {
    const session = sessionWith(() => {
      throw new LakeError('no space left', { file: '/somewhere', remedy: 'make some' })
    })
    const source = {
      name: 's',
      async *objects() {
        yield object('a')
      },
    }
    await expect(batches(session, source, emptyTotals()).next()).rejects.toThrow('no space left')
  })

  it('an object whose name no table holds is released, and the others are read', async () => {
    const objects = ['a', 'n\0l'].map(object)
    const session = sessionWith(() => undefined)
    const source = {
      name: 's',
      async *objects() {
        yield* objects
      },
    }
    const totals = emptyTotals()
    for await (const batch of batches(session, source, totals)) expect(names(batch)).toEqual(['a'])
    expect(objects[1]?.released).toEqual([{ outcome: 'failed', reason: 'its name holds a NUL character' }])
  })

  it('reading that throws what no one expects fails alone, too', async () => {
    const bad = { ...object('bad'), read: async () => Promise.reject(new RangeError('odd')) }
    const good = object('good')
    const session = sessionWith(() => undefined)
    const source = {
      name: 's',
      async *objects() {
        yield bad
        yield good
      },
    }
    for await (const batch of batches(session, source, emptyTotals())) expect(names(batch)).toEqual(['good'])
    expect(bad.released).toEqual([{ outcome: 'failed', reason: 'reading it fails: RangeError' }])
  })
})
