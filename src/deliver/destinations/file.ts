/**
 * A file of lines that grows up to a size or an age, and is then renamed to its time, as log shippers expect
 * it.
 */
import { type FileHandle, mkdir, open as openFile, readdir, rename, stat, unlink } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { z } from 'zod'
import { section, size, text, whole } from '../../lib/settings.ts'
import { type Delivery, type Receiver, TAKEN } from '../contract.ts'
import { line } from './stdout.ts'

export const name = 'file'
export const doc = 'A file on this machine, one line for each row, with rotation.'

export const settings = section(
  {
    path: text('The file; its folder is made when it is not there.'),
    rotate_bytes: size('It is set aside once it has this number of bytes.').prefault('128MiB'),
    rotate_hours: whole(1, 'Or once it is so old.').default(24),
    keep: whole(
      1,
      'How many files that were set aside are kept; older ones are removed. By default all are.',
    ).optional(),
  },
  doc,
)

export type Settings = z.output<typeof settings>

export const example = `path: /var/log/loglake/cloudtrail.ndjson`

export const paths = ['path']

const HOUR_MS = 3_600_000

export function open({ path: named, rotate_bytes, rotate_hours, keep }: Settings): Receiver {
  const path = resolve(named)
  let file: FileHandle | undefined
  let bytes = 0
  let bornMs = 0

  async function opened(): Promise<FileHandle> {
    if (file) return file
    await mkdir(dirname(path), { recursive: true })
    file = await openFile(path, 'a+', 0o640)
    const { size: length, birthtimeMs } = await file.stat()
    // End a line that a killed process left unfinished, so that the next one does not join it.
    if (length > 0) {
      const last = Buffer.alloc(1)
      await file.read(last, 0, 1, length - 1)
      if (last[0] !== 10) await file.appendFile('\n')
    }
    bytes = length
    bornMs = birthtimeMs
    return file
  }

  async function rotate(): Promise<void> {
    await file?.close()
    file = undefined
    const at = new Date().toISOString().replaceAll(':', '').replace('.', '')
    await rename(path, `${path}.${at}`)
    if (keep === undefined) return
    const folder = dirname(path)
    const aside = (await readdir(folder)).filter((one) => ASIDE.test(one.slice(basename(path).length + 1)))
    const ours = aside.filter((one) => one.startsWith(`${basename(path)}.`)).sort()
    for (const old of ours.slice(0, -keep)) await unlink(join(folder, old))
  }

  return {
    max: { deliveries: 1000, bytes: 1 << 20 },
    async send(batch: readonly Delivery[]) {
      await opened()
      const isOld = bytes > 0 && Date.now() - bornMs > rotate_hours * HOUR_MS
      const isGone = await stat(path).then(
        () => false,
        () => true,
      )
      if (isGone) {
        // Another program has moved it away.
        await file?.close()
        file = undefined
      } else if (bytes >= rotate_bytes || isOld) await rotate()
      const lines = Buffer.from(batch.map(({ text: one }) => `${line(one)}\n`).join(''))
      const to = await opened()
      try {
        await to.appendFile(lines)
      } catch (thrown) {
        // A full disk may have cut a line: opening the file anew ends it.
        await to.close()
        file = undefined
        throw thrown
      }
      bytes += lines.length
      return TAKEN
    },
    async settle() {
      // A delivery counts once its bytes are on disk.
      await file?.sync()
      return TAKEN
    },
    async close() {
      await file?.close()
      file = undefined
    },
  }
}

const ASIDE = /^\d{4}-\d\d-\d\dT\d{9}Z$/
