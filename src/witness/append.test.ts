import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, expect, it } from 'vitest'
import { append, type NewRow } from '../lake/append.ts'
import { type Lake, openLake } from '../lake/lake.ts'
import type { Storage } from '../lake/storage/contract.ts'
import { localStorage } from '../lake/storage/local.ts'
import type { TableDefinition } from '../lake/table.ts'
import { appendLog } from './append.ts'
import { checkLog } from './check.ts'
import { fileSigner } from './signer.ts'

const place = mkdtempSync(join(tmpdir(), 'loglake-witness-'))
afterAll(() => rmSync(place, { recursive: true }))
const signer = fileSigner(join(place, 'key.pem'))

const notes: TableDefinition = {
  name: 'notes',
  doc: 'One row per note.',
  time: 'time',
  columns: [
    { name: 'time', type: 'timestamptz', doc: 'When.', bounds: true },
    { name: 'text', type: 'string', doc: 'What.' },
    { name: 'lake_day', type: 'date', doc: 'The day.', bounds: true },
    { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When it was made.' },
  ],
}

let number = 0
function freshLake(wrap: (storage: Storage) => Storage = (storage) => storage): Lake & { folder: string } {
  const folder = join(place, `lake-${++number}`)
  return { ...openLake(wrap(localStorage(folder)), [notes]), folder }
}

async function add(lake: Lake, text: string): Promise<void> {
  const row: NewRow = { time: '2026-01-07T10:00:00Z', text }
  await append(lake, 'notes', async () => ({ rows: [{ table: notes, rows: [row] }] }))
}

async function logged(commits: number) {
  const lake = freshLake()
  for (let nth = 0; nth < commits; nth++) {
    await add(lake, String(nth))
    if (nth % 2 === 0) await appendLog(lake, signer)
  }
  await appendLog(lake, signer)
  return lake
}

const codes = async (lake: Lake, copy?: Storage) =>
  (await checkLog(lake, signer.publicKey, copy)).findings.map(({ code }) => code)

it('has a leaf for each version behind its own, and goes on from each checkpoint', async () => {
  const lake = await logged(5)
  // Appended after the first, third and fifth commit, and once more with nothing new, which makes no
  // checkpoint.
  expect(readdirSync(join(lake.folder, 'log/checkpoints')).sort()).toEqual(['2', '4', '6'])
  expect(await checkLog(lake, signer.publicKey)).toMatchObject({ size: 6, checkpoints: 3, findings: [] })
  expect((await appendLog(lake, signer)).added).toBe(0)
})

/** Storage requests of the fourth commit: operations and keys, without the random parts of names. */
async function asked(log: 'off' | 'other process' | 'same process'): Promise<string[]> {
  const calls: string[] = []
  const lake = freshLake((storage) => {
    const names = ['read', 'find', 'size', 'write', 'create', 'hint', 'adopt', 'list'] as const
    const counted = { ...storage }
    for (const name of names) {
      const real = storage[name] as (...given: unknown[]) => unknown
      Object.assign(counted, {
        [name]: (...given: unknown[]) => {
          const key = name === 'adopt' ? '' : String(given[0]).replace(/[0-9a-f-]{14,}.*/, '…')
          calls.push(`${name} ${key}`)
          return real(...given)
        },
      })
    }
    return counted
  })
  for (let nth = 0; nth < 3; nth++) {
    await add(lake, String(nth))
    if (log === 'same process') await appendLog(lake, signer)
    if (log === 'other process') await appendLog(openLake(localStorage(lake.folder), [notes]), signer)
  }
  calls.length = 0
  await add(lake, 'last')
  // Sorted, because some requests run in parallel.
  return calls.sort()
}

it('a commit asks the same of the storage with a log as without', async () => {
  const without = await asked('off')
  expect(without).toContain('create catalog/v4.json')
  expect(await asked('other process')).toEqual(without)
})

it('a log that is kept by the same process spares a commit the list of manifests, which it has read', async () => {
  const without = await asked('off')
  const spared = without.findIndex((call) => call.startsWith('read tables/notes/metadata/snap'))
  expect(await asked('same process')).toEqual(without.toSpliced(spared, 1))
})

it('any number may append at once', async () => {
  const lake = freshLake()
  for (let nth = 0; nth < 6; nth++) await add(lake, String(nth))
  await Promise.all(
    Array.from({ length: 4 }, () => appendLog(openLake(localStorage(lake.folder), [notes]), signer)),
  )
  expect(await checkLog(lake, signer.publicKey)).toMatchObject({ size: 7, findings: [] })
})

it('what a killed one left is finished by the next', async () => {
  const lake = await logged(3)
  await add(lake, 'more')
  await appendLog(lake, signer)
  // As after a crash before its checkpoint and before the hint.
  rmSync(join(lake.folder, 'log/checkpoints/5'))
  writeFileSync(join(lake.folder, 'log/checkpoint'), readFileSync(join(lake.folder, 'log/checkpoints/4')))
  await appendLog(lake, signer)
  expect(await checkLog(lake, signer.publicKey)).toMatchObject({ size: 5, findings: [] })
})

it('finds what was changed: an entry, a commit, a version, a file, a checkpoint', async () => {
  const change = async (file: string, how: (bytes: Buffer) => Buffer) => {
    const lake = await logged(3)
    const path = join(lake.folder, file)
    writeFileSync(path, how(readFileSync(path)))
    return await codes(lake)
  }
  const flip = (bytes: Buffer) => {
    const copy = Buffer.from(bytes)
    copy[copy.length - 3] = (copy[copy.length - 3] as number) ^ 1
    return copy
  }
  const reworded = (bytes: Buffer) =>
    gzipSync(gunzipSync(bytes).toString().replace('"by":"notes"', '"by":"other"'))
  expect(await change('log/tile/entries/000.p/4', flip)).toContain('log-altered')
  expect(await change('log/tile/0/000.p/4', flip)).toContain('log-altered')
  expect(await change('log/commits/2.json.gz', reworded)).toEqual(['log-commit-altered'])
  expect(await change('log/checkpoints/2', flip)).toEqual(['checkpoint-unsound'])
  expect(
    await change('catalog/v3.json', (bytes) =>
      Buffer.from(bytes.toString().replace('"by": "notes"', '"by": "other"')),
    ),
  ).toEqual(['version-altered'])
})

it('a log that was begun anew does not go on from a copy of the old one', async () => {
  const lake = await logged(3)
  const copy = localStorage(join(place, 'copy'))
  const { lake: id } = (await lake.newest()).catalog
  await copy.create(`${id}/checkpoints/4`, readFileSync(join(lake.folder, 'log/checkpoints/4')))
  expect(await codes(lake, copy)).toEqual([])
  // An attacker with the key and the bucket omits a version.
  for (const name of readdirSync(join(lake.folder, 'log')))
    rmSync(join(lake.folder, 'log', name), { recursive: true })
  mkdirSync(join(lake.folder, 'log/commits'), { recursive: true })
  writeFileSync(
    join(lake.folder, 'log/commits/2.json.gz'),
    gzipSync(JSON.stringify({ lake: id, version: 2, seen: false, files: [], objects: [] })),
  )
  await appendLog(lake, signer)
  expect(await codes(lake, copy)).toContain('log-forked')
})
