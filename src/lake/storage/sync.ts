import { open } from 'node:fs/promises'

/** Brings a file, or a folder's names, from the disk's cache onto the disk. */
export async function sync(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.datasync()
  } finally {
    await file.close()
  }
}
