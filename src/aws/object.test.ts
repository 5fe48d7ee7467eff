import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, expect, test, vi } from 'vitest'
import type { S3 } from './clients.ts'
import { saveObject } from './object.ts'

/** A disk that is slow to open a file. */
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const open = (...all: Parameters<typeof fs.open>) => setTimeout(() => fs.open(...all), 50)
  return {
    ...fs,
    createWriteStream: (path: string, options: object) =>
      fs.createWriteStream(path, { ...options, fs: { ...fs, open } } as never),
  }
})

const folder = mkdtempSync(join(tmpdir(), 'object-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a body that breaks off before its file is open is fetched again', async () => {
  let asked = 0
  const s3 = {
    async getObject() {
      if (++asked > 1) return { ContentLength: 4, Body: Readable.from([Buffer.from('logs')]) }
      const broken = new Readable({ read() {} })
      setImmediate(() => broken.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })))
      return { ContentLength: 4, Body: broken }
    },
  } as unknown as S3
  const path = join(folder, 'copy')
  await saveObject(s3, { bucket: 'example-logs', key: 'a' }, path)
  expect(readFileSync(path, 'utf8')).toBe('logs')
  expect(asked).toBe(2)
})
