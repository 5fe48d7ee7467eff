import { open } from 'node:fs/promises'

/** Flushes a file's bytes, or a folder's entries, from the system's cache to the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
