import { execFileSync } from 'node:child_process'

/** A file system in memory of a fixed size. */
export interface SmallDisk {
  folder: string
  resize(bytes: number): void
  unmount(): void
}

/** Mounts a small disk on a folder; undefined where that is not allowed. */
export function mountSmallDisk(folder: string, bytes: number): SmallDisk | undefined {
  const run = (command: string, ...words: string[]) => execFileSync(command, words, { stdio: 'ignore' })
  try {
    run('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', folder)
  } catch {
    return undefined
  }
  return {
    folder,
    resize: (size) => run('mount', '-o', `remount,size=${size}`, folder),
    unmount: () => run('umount', folder),
  }
}
