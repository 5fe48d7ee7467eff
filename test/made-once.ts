import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder of this run of the tests, for what many files need and one makes. */
    madeOnce: string
  }
}

/** Before all files of a run, and after them. */
export default function madeOnce(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'loglake-once-'))
  project.provide('madeOnce', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
