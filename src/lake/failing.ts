import type { Lake } from './lake.ts'

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

/** Notes that a source failed; where that cannot be written, the journal of the run has it alone. */
export async function noteFailure(lake: Lake, source: string, failure: string): Promise<void> {
  const noted: Failure = { at: new Date().toISOString(), failure }
  await lake.storage.hint(keyOf(source), Buffer.from(JSON.stringify(noted))).catch(() => undefined)
}

/** The last failure of each source that ever failed. */
export async function failures(lake: Lake): Promise<ReadonlyMap<string, Failure>> {
  const found = new Map<string, Failure>()
  for await (const { key } of lake.storage.list(FOLDER)) {
    const noted = failureIn(await lake.storage.find(key))
    if (noted) found.set(decodeURIComponent(key.slice(FOLDER.length + 1).replace(/\.json$/, '')), noted)
  }
  return found
}

const FOLDER = 'control/failed'

function keyOf(source: string): string {
  return `${FOLDER}/${encodeURIComponent(source)}.json`
}

/** A hint may be cut, and anyone who writes to the lake may have written it. */
function failureIn(bytes: Uint8Array | undefined): Failure | undefined {
  try {
    const { at, failure } = JSON.parse(Buffer.from(bytes ?? []).toString())
    if (typeof failure !== 'string' || Number.isNaN(Date.parse(at))) return undefined
    return { at: new Date(at).toISOString(), failure }
  } catch {
    return undefined
  }
}
