import type { Lake } from './lake.ts'
import { sourceFiles } from './source-files.ts'

/**
 * The last failure of a source, in `control/failed/<source>.json`: a run that cannot read a source commits
 * nothing, so the tables do not tell why. It stays when the source works again, as its time says.
 */
export interface Failure {
  /** When it failed, as in 2026-01-07T22:16:43.000Z. */
  at: string
  /** Without any text of a log. */
  failure: string
}

const files = sourceFiles('control/failed')

/** Notes that a source failed; where that cannot be written, the journal of the run has it alone. */
export async function noteFailure(lake: Lake, source: string, failure: string): Promise<void> {
  const noted: Failure = { at: new Date().toISOString(), failure }
  await lake.storage.hint(files.keyOf(source), Buffer.from(JSON.stringify(noted))).catch(() => undefined)
}

/** The last failure of each source that ever failed. */
export async function failures(lake: Lake): Promise<ReadonlyMap<string, Failure>> {
  const found = new Map<string, Failure>()
  for await (const [source, bytes] of files.all(lake)) {
    const noted = failureIn(bytes)
    if (noted) found.set(source, noted)
  }
  return found
}

/** A hint may be cut, and anyone who writes to the lake may have written it. */
function failureIn(bytes: Uint8Array): Failure | undefined {
  try {
    const { at, failure } = JSON.parse(Buffer.from(bytes).toString())
    if (typeof failure !== 'string' || Number.isNaN(Date.parse(at))) return undefined
    return { at: new Date(at).toISOString(), failure }
  } catch {
    return undefined
  }
}
