import { existsSync, mkdtempSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolders } from './folders.ts'

const root = mkdtempSync(join(tmpdir(), 'folders-'))

it('makes all that are missing, once, and says which was the first', async () => {
  expect(await makeFolders(join(root, 'a/b/c'), 0o700)).toBe(join(root, 'a'))
  expect(statSync(join(root, 'a/b/c')).mode & 0o777).toBe(0o700)
  expect(await makeFolders(join(root, 'a/b/c'))).toBeUndefined()
  const both = await Promise.all([makeFolders(join(root, 'x/y/z')), makeFolders(join(root, 'x/y/z'))])
  expect(both).toContain(join(root, 'x'))
})

it('says why it cannot', async () => {
  writeFileSync(join(root, 'file'), '')
  await expect(makeFolders(join(root, 'file'))).rejects.toThrow(/EEXIST/)
  await expect(makeFolders(join(root, 'file/below'))).rejects.toThrow(/ENOTDIR/)
})

it.skipIf(!existsSync('/proc/self'))('ends where no folder can be', async () => {
  await expect(makeFolders('/proc/nowhere/below')).rejects.toThrow(/ENOENT/)
})
