import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openLocation } from './open.ts'

const folder = mkdtempSync(join(tmpdir(), 'loglake-open-'))
const file = join(folder, 'events.json')
const config = join(folder, 'loglake.yaml')
beforeAll(() => {
  writeFileSync(file, '{}')
  writeFileSync(config, 'lake: ./lake\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each([file, join(file, 'lake')])('a lake at %s is refused: it is a file', (lake) =>
  expect(() => openLocation({ lake, config })).toThrow(/a lake lies in a folder.*events\.json is a file/),
)

test('a lake in a folder that is not there yet is opened', () => {
  expect(openLocation({ lake: join(folder, 'a', 'b'), config }).location).toBe(join(folder, 'a', 'b'))
})
