import { spawnSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { localStorage } from '../../src/lake/storage/local.ts'
import { checkpointText, noteOf, verifierText } from '../../src/witness/note.ts'
import { fileSigner } from '../../src/witness/signer.ts'
import { addEntries, openTiles } from '../../src/witness/tiles.ts'
import { consistencyPath, inclusionPath } from '../../src/witness/tree.ts'

/** Go's own transparency log (golang.org/x/mod/sumdb) judges our notes, trees and proofs. */

const PROGRAM = resolve('test/interop/tlog/tlog-test')
const place = mkdtempSync(join(tmpdir(), 'loglake-tlog-'))
afterAll(() => rmSync(place, { recursive: true }))
const signer = fileSigner(join(place, 'key.pem'))
const origin = 'loglake.dev/lake/test'

/** A random tree that grew in random steps, as Go wants it. */
async function tree(nth: number, size: number) {
  const storage = localStorage(join(place, String(nth)))
  const entries = Array.from({ length: size }, () => randomBytes(randomInt(0, 200)))
  for (let at = 0; at < size; ) {
    const step = Math.min(size - at, randomInt(1, 300))
    await addEntries(storage, at, entries.slice(at, at + step))
    at += step
  }
  const { hash } = openTiles(storage, size)
  const text = checkpointText({ origin, size, root: await hash(0, size) })
  const some = Array.from({ length: 20 }, () => randomInt(0, size))
  const hex = (path: Buffer[]) => path.map((one) => one.toString('hex'))
  return {
    key: verifierText(origin, signer.publicKey),
    note: noteOf(text, origin, signer.publicKey, await signer.sign(text)),
    entries: entries.map((one) => one.toString('base64')),
    proofs: await Promise.all(
      some.map(async (index) => ({ index, path: hex(await inclusionPath(index, size, hash)) })),
    ),
    consistency: await Promise.all(
      some.map(async (at) => ({ before: at + 1, path: hex(await consistencyPath(at + 1, size, hash)) })),
    ),
  }
}

function judged(input: object): string {
  return spawnSync(PROGRAM, { input: JSON.stringify(input), encoding: 'utf8' }).stdout.trim()
}

describe.skipIf(!existsSync(PROGRAM))('Go agrees', () => {
  it('with random trees', async () => {
    for (let nth = 0; nth < 25; nth++) expect(judged(await tree(nth, randomInt(1, 900)))).toBe('sound')
  })

  it('and with none that is changed', async () => {
    const made = await tree(100, 300)
    const [entry = '', ...others] = made.entries
    expect(judged({ ...made, entries: [`${entry}AAAA`, ...others] })).not.toBe('sound')
    expect(judged({ ...made, note: made.note.replace('\n300\n', '\n299\n') })).not.toBe('sound')
    const [proof] = made.proofs
    expect(
      judged({ ...made, proofs: [{ index: ((proof?.index ?? 0) + 1) % 300, path: proof?.path }] }),
    ).not.toBe('sound')
  })
})
