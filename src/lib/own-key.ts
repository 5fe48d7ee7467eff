import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { sentence, systemCode, UserError } from './errors.ts'

/**
 * The PEM of an Ed25519 key in a file. A missing file is created, readable by its owner only. When several
 * processes create it at once, one wins and all use its key: the file appears complete or not at all, so none
 * reads half of it.
 */
export function ownKey(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (thrown) {
    if (systemCode(thrown) !== 'ENOENT')
      throw new UserError(`${file}: the key cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string
  const draft = `${file}.${randomUUID()}`
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    write(draft, pem)
    linkSync(draft, file)
  } catch (thrown) {
    if (systemCode(thrown) !== 'EEXIST')
      throw new UserError(`${file}: the key cannot be written: ${sentence(thrown)}`, { cause: thrown })
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(file, 'utf8')
}

/** Synced before it gets its name: a key that has signed something must survive a power cut. */
function write(path: string, text: string): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}
