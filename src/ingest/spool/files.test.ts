import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveUpSpools, writeSpool } from './files.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spool-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const files = () => readdirSync(folder).sort()
const write = (name: string, ...pieces: string[]) =>
  writeSpool(
    at(name),
    pieces.map((piece) => Buffer.from(piece)),
  )

test('a file that is written over holds nothing of what it held', async () => {
  write('a', 'a long one')
  await giveUpSpools(folder, [at('a')])
  expect(files()).toEqual(['a.used'])
  write('b', 'sh', 'ort')
  expect(files()).toEqual(['b'])
  expect(readFileSync(at('b'), 'utf8')).toBe('short')
  await giveUpSpools(folder, [at('b')])
  const pieces = Array.from({ length: 1500 }, (_, index) => `${index},`)
  write('c', ...pieces)
  expect(readFileSync(at('c'), 'utf8')).toBe(pieces.join(''))
})

test('as many files wait as the last batch had', async () => {
  for (const name of ['a', 'b', 'c']) write(name, name)
  await giveUpSpools(folder, [at('a'), at('b'), at('c')])
  expect(files()).toHaveLength(3)
  write('d', 'd')
  await giveUpSpools(folder, [at('d')])
  expect(files()).toHaveLength(1)
  await giveUpSpools(folder, [])
  expect(files()).toEqual([])
})

test('a folder that is not there is told, with what to do', () => {
  expect(() => writeSpool(join(folder, 'gone', 'a'), [Buffer.from('a')])).toThrow(/cannot unpack the logs/)
})
