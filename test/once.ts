import { existsSync, mkdtempSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { inject } from 'vitest'

/**
 * A folder that many files of a run need: the first has it made, and each takes a copy.
 *
 * @param make fills the folder that it is given
 */
export async function once(name: string, make: (place: string) => Promise<void>): Promise<string> {
  const made = join(inject('madeOnce'), name)
  if (existsSync(made)) return made
  const place = mkdtempSync(join(inject('madeOnce'), `${name}-`))
  await make(place)
  try {
    renameSync(place, made)
  } catch (thrown) {
    // Another file was as quick.
    if (!existsSync(made)) throw thrown
  }
  return made
}
