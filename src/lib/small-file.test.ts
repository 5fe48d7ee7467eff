import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../config/config.ts'
import { UserError } from './errors.ts'
import { readSmallFile } from './small-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'small-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('a file is read to its end, up to a bound', () => {
  const file = join(folder, 'file')
  const bytes = Buffer.alloc(200_000, 'abc')
  writeFileSync(file, bytes)
  expect(readSmallFile(file).equals(bytes)).toBe(true)
  expect(readSmallFile(file, bytes.length).equals(bytes)).toBe(true)
  expect(() => readSmallFile(file, bytes.length - 1)).toThrow('more than 199999 bytes')
})

test.skipIf(process.platform === 'win32')('a configuration that never ends is an error', () => {
  expect(() => readConfig('/dev/zero', {})).toThrow(UserError)
  expect(() => readConfig('/dev/zero', {})).toThrow('the configuration /dev/zero cannot be read: it has more')
})
