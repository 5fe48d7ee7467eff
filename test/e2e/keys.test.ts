import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { freshFolder } from './program.ts'

/** Processes that need a key for the first time at the same moment: one wins, and all go on with it. */

const FILES = 150

/** Makes many keys, one after the other, once a moment has come: what it ended with, and their ids in order. */
async function maker(
  folder: string,
  atMs: number,
): Promise<{ code: number | null; out: string; err: string }> {
  const program = `
    import { fileSigner } from 'loglake'
    while (Date.now() < ${atMs}) {}
    for (let nth = 0; nth < ${FILES}; nth++)
      process.stdout.write(fileSigner(${JSON.stringify(folder)} + '/' + nth + '/key.pem').publicKey.export({ type: 'spki', format: 'der' }).toString('hex') + '\\n')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (part) => {
    out += part
  })
  child.stderr.on('data', (part) => {
    err += part
  })
  const code = await new Promise<number | null>((done) => child.on('close', done))
  return { code, out, err }
}

it('both end well, with the same key, and nothing is left of the other', async () => {
  const folder = freshFolder()
  const atMs = Date.now() + 3000
  const ended = await Promise.all([1, 2, 3].map(() => maker(folder, atMs)))
  expect(ended.map(({ code, err }) => [code, err])).toEqual([1, 2, 3].map(() => [0, '']))
  expect(ended[0]?.out.trim().split('\n')).toHaveLength(FILES)
  expect(new Set(ended.map(({ out }) => out)).size).toBe(1)
  for (let nth = 0; nth < FILES; nth++) {
    const own = join(folder, String(nth))
    expect(readdirSync(own)).toEqual(['key.pem'])
    expect(readFileSync(join(own, 'key.pem'), 'utf8')).toContain('END PRIVATE KEY')
    expect(statSync(join(own, 'key.pem')).mode & 0o777).toBe(0o600)
  }
}, 60_000)
