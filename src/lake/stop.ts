import type { Lake } from './lake.ts'
import { sourceFiles } from './source-files.ts'

/**
 * The emergency stop of a source: a small file in the lake itself, `control/stop/<source>.json`. Anyone with
 * write access to the lake can stop a source on every machine that reads it, without a change of
 * configuration; every worker checks it every few seconds.
 */
export interface Stop {
  /** When it was stopped, as in 2026-01-07T22:16:43.000Z. */
  at: string
  because: string
}

const files = sourceFiles('control/stop')

/** Stops a source; false when it is stopped already. */
export async function stopSource(lake: Lake, name: string, because: string): Promise<boolean> {
  const stop: Stop = { at: new Date().toISOString(), because }
  return await lake.storage.create(files.keyOf(name), Buffer.from(JSON.stringify(stop)))
}

/** Resumes a source; false when it was not stopped. */
export async function resumeSource(lake: Lake, name: string): Promise<boolean> {
  if (!(await isStopped(lake, name))) return false
  await lake.storage.remove(files.keyOf(name))
  return true
}

export async function isStopped(lake: Lake, name: string): Promise<boolean> {
  return (await lake.storage.find(files.keyOf(name))) !== undefined
}

/** All stopped sources. */
export async function stops(lake: Lake): Promise<(Stop & { source: string })[]> {
  const found: (Stop & { source: string })[] = []
  for await (const [source, bytes] of files.all(lake))
    found.push({ source, ...(JSON.parse(Buffer.from(bytes).toString()) as Stop) })
  return found
}
