import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openGroup } from '../../src/ingest/open/open.ts'
import { BENCHED, makeFile } from './corpus.ts'

describe.each(BENCHED)('the corpus of %s', (type) => {
  it('is the same every time, and no file is another', () => {
    const [once, again, other] = [makeFile(type, 2), makeFile(type, 2), makeFile(type, 3)]
    expect(again.key).toBe(once.key)
    expect(again.bytes.equals(once.bytes)).toBe(true)
    expect(other.key).not.toBe(once.key)
    const text = once.bytes[0] === 0x1f ? gunzipSync(once.bytes) : once.bytes
    expect(text.length).toBe(once.expanded)
  })

  it('is all of that log type', () => {
    const folder = mkdtempSync(join(tmpdir(), 'loglake-corpus-'))
    try {
      const { key, bytes } = makeFile(type, 2)
      const object = {
        serial: 1,
        uri: `/logs/${key}`,
        writtenMs: 0,
        kind: 'bytes' as const,
        bytes: new Uint8Array(bytes),
      }
      const { objects } = openGroup({ objects: [object], folder, maxBytes: 1 << 28, strictly: false })
      expect(objects[0]).toMatchObject({ logtype: type, rejected: [] })
      expect(objects[0]?.spooled).toBeGreaterThan(100)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
