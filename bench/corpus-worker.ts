// A plan and every n-th file number in, the files on disk out.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { type CorpusPlan, fileCount, makeFile } from './corpus-events.ts'

export interface CorpusShare {
  dir: string
  plan: CorpusPlan
  first: number
  step: number
}

export interface Written {
  files: number
  events: number
  rawBytes: number
  gzipBytes: number
}

const REPORT_EVERY = 100

if (parentPort) writeShare(workerData as CorpusShare, (written) => parentPort?.postMessage(written))

export function writeShare(share: CorpusShare, report: (written: Written) => void): void {
  const folders = new Set<string>()
  let written = { files: 0, events: 0, rawBytes: 0, gzipBytes: 0 }
  for (let index = share.first; index < fileCount(share.plan); index += share.step) {
    const file = makeFile(share.plan, index)
    const path = join(share.dir, file.key)
    const folder = dirname(path)
    if (!folders.has(folder)) mkdirSync(folder, { recursive: true })
    folders.add(folder)
    writeFileSync(path, file.bytes)
    written.files += 1
    written.events += file.events
    written.rawBytes += file.rawBytes
    written.gzipBytes += file.bytes.length
    if (written.files === REPORT_EVERY) {
      report(written)
      written = { files: 0, events: 0, rawBytes: 0, gzipBytes: 0 }
    }
  }
  report(written)
}
