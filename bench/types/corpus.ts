import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createRandom, type Random } from '../../samples/random.ts'
import { bedrockFile } from './bedrock.ts'
import { captureFile } from './captures.ts'
import { eventFile, findingFile, metricFile } from './events.ts'
import type { MadeFile } from './made.ts'
import { logFile, sessionFile } from './subscriptions.ts'
import { FIRST } from './words.ts'

/** A file of each log type's corpus; the same for the same random numbers. */
const MAKERS: Record<string, (random: Random, at: number) => MadeFile> = {
  bedrock_invocation: bedrockFile,
  sagemaker_invocation: captureFile,
  session_log: sessionFile,
  cloudwatch_log: logFile,
  sagemaker_event: eventFile,
  guardduty_finding: findingFile,
  cloudwatch_metric: metricFile,
}

export const BENCHED = Object.keys(MAKERS)

/** One file of a corpus, by its number. */
export function makeFile(type: string, number: number): MadeFile {
  const make = MAKERS[type]
  if (!make) throw new Error(`no corpus is made of ${type}`)
  return make(createRandom(1, BENCHED.indexOf(type), number), FIRST + number * 600)
}

/** Writes objects of about so many expanded bytes in AWS's key layout into an empty directory. */
export function writeCorpus(type: string, dir: string, bytes: number): { files: number; expanded: number } {
  rmSync(dir, { recursive: true, force: true })
  let expanded = 0
  let files = 0
  for (; expanded < bytes; files++) {
    const file = makeFile(type, files)
    const path = join(dir, file.key)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, file.bytes)
    expanded += file.expanded
  }
  return { files, expanded }
}
