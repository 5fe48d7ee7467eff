import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openGroup } from './open.ts'
import { KEPT_BYTES } from './rejects.ts'

const folder = mkdtempSync(join(tmpdir(), 'head-'))
afterAll(() => rmSync(folder, { recursive: true }))

test.each([1, KEPT_BYTES, (1 << 20) + 1, 3 << 20])(
  'a file of %i bytes more than an object may have is a reject with its head, its length and its hash',
  (more) => {
    const maxBytes = 1000
    const bytes = Buffer.alloc(maxBytes + more, 'abc')
    const file = join(folder, 'large.json')
    writeFileSync(file, bytes)
    const object = { serial: 1, uri: file, writtenMs: 0, kind: 'file' as const, file }
    const { objects, spools } = openGroup({ objects: [object], folder, maxBytes, strictly: false })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(spools).toEqual([])
    expect(objects).toHaveLength(1)
    expect(objects[0]).toMatchObject({ serial: 1, sha256, read: 1, spooled: 0 })
    const [reject] = objects[0]?.rejected ?? []
    expect(reject).toMatchObject({ code: 'too-large', size: bytes.length, sha256, records: 1 })
    expect(reject?.reason).toContain('ingest.max_object_bytes')
    expect(Buffer.from(reject?.bytes ?? []).equals(bytes.subarray(0, KEPT_BYTES))).toBe(true)
  },
)

test('a file of as many bytes as an object may have is opened', () => {
  const file = join(folder, 'fits.json')
  writeFileSync(file, 'x'.repeat(1000))
  const object = { serial: 1, uri: file, writtenMs: 0, kind: 'file' as const, file }
  const { objects } = openGroup({ objects: [object], folder, maxBytes: 1000, strictly: false })
  expect(objects[0]?.rejected[0]?.code).not.toBe('too-large')
})
