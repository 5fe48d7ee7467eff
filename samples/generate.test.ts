import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { type Manifest, makeSamples } from './generate.ts'

interface Log {
  Records: {
    eventID: string
    eventTime: string
    eventSource?: string
    eventName?: string
    errorCode?: string
  }[]
}

const FOLDER = 'samples/logs'
const unzipped = (bytes: Buffer) => (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8')
const made = makeSamples()
const manifest = JSON.parse(readFileSync('samples/manifest.json', 'utf8')) as Manifest
const readme = readFileSync('samples/README.md', 'utf8')

describe('the sample logs', () => {
  it('are what the generator makes', () => {
    expect(made.manifest).toEqual(manifest)
    const stored = readdirSync(FOLDER, { recursive: true, withFileTypes: true })
    expect(stored.filter((each) => each.isFile())).toHaveLength(made.files.length + made.others.length)
    for (const file of made.files.filter((each) => !each.damaged)) {
      const raw = gunzipSync(readFileSync(join(FOLDER, file.key))).toString('utf8')
      if (raw !== file.raw) throw new Error(`${file.key} differs: npm run samples`)
    }
    for (const { key, bytes } of made.others) {
      // Compare unzipped: another version of zlib may compress differently.
      const [stored, again] = [readFileSync(join(FOLDER, key)), bytes].map(unzipped)
      if (stored !== again) throw new Error(`${key} differs: npm run samples`)
    }
  })

  it('hold exactly one file that was cut off', () => {
    const damaged = made.files.filter((each) => each.damaged)
    expect(damaged.map((each) => each.key)).toEqual([manifest.damaged.key])
    const bytes = readFileSync(join(FOLDER, manifest.damaged.key))
    expect(() => gunzipSync(bytes)).toThrow()
    const start = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1')
    expect(start.length).toBeGreaterThan(0)
    expect(
      Buffer.from(damaged[0]?.raw ?? '', 'utf8')
        .toString('latin1')
        .startsWith(start),
    ).toBe(true)
  })

  it('count as the manifest says', () => {
    const logs = made.files.filter((each) => !each.damaged && each.key !== manifest.digest)
    expect(logs).toHaveLength(manifest.files - 1)
    const records = logs.flatMap((each) => (JSON.parse(each.raw) as Log).Records)
    const distinct = new Map(records.map((each) => [each.eventID, each]))
    expect(records).toHaveLength(manifest.records)
    expect(distinct.size).toBe(manifest.distinct)
    expect(records.length - distinct.size).toBe(manifest.repeats)
    const events = [...distinct.values()]
    expect(events.filter((each) => each.errorCode?.includes('AccessDenied'))).toHaveLength(manifest.denied)
    for (const [day, count] of Object.entries(manifest.days)) {
      expect(events.filter((each) => each.eventTime.startsWith(day))).toHaveLength(count)
    }
    const starts = events.filter(
      (each) => each.eventSource === 'ssm.amazonaws.com' && each.eventName === 'StartSession',
    )
    expect(starts.filter((each) => each.errorCode)).toHaveLength(manifest.sessions.denied)
    expect(starts.filter((each) => !each.errorCode)).toHaveLength(manifest.sessions.started)
    expect(manifest.objects.reduce((total, each) => total + each.records, 0)).toBe(manifest.records)
  })

  it('repeat an event byte for byte, in another file', () => {
    const places = new Map<string, { key: string; text: string }>()
    let repeats = 0
    for (const file of made.files.filter((each) => !each.damaged && each.key !== manifest.digest)) {
      for (const record of (JSON.parse(file.raw) as Log).Records) {
        const first = places.get(record.eventID)
        const text = JSON.stringify(record)
        if (first) {
          repeats++
          expect(first.text).toBe(text)
          expect(first.key).not.toBe(file.key)
        }
        places.set(record.eventID, { key: file.key, text })
      }
    }
    expect(repeats).toBe(manifest.repeats)
  })

  it('are counted in the README as in the manifest', () => {
    const { files, records, distinct, repeats, denied, sessions, damaged } = manifest
    for (const count of [
      files,
      records,
      distinct,
      repeats,
      denied,
      sessions.started,
      sessions.denied,
      damaged.records,
    ]) {
      expect(readme).toMatch(new RegExp(`\\| ${count.toLocaleString('en')} \\|`))
    }
  })

  it('are small, and their damaged file is there', () => {
    expect(existsSync(join(FOLDER, manifest.damaged.key))).toBe(true)
    const sizes = made.files.map((each) => readFileSync(join(FOLDER, each.key)).length)
    const others = made.others.map(({ bytes }) => bytes.length)
    expect([...sizes, ...others].reduce((total, each) => total + each, 0)).toBeLessThan(1_300_000)
  })
})
