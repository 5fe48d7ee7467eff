import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Fault, readDocuments, type WrittenMap } from './yaml.ts'

/**
 * Written by `scripts/read-rules.js`, so it is only there in a build: documents by the text of their file.
 */
const FILE = fileURLToPath(new URL('../rules/read.json', import.meta.url))

let ready: ReadonlyMap<string, WrittenMap[]> | undefined

/**
 * The documents of a rule file, where the build has read it: to read the YAML of the package's rules takes
 * longer than all else that a short command does.
 */
export function readyDocuments(text: string): WrittenMap[] | undefined {
  ready ??= new Map(existsSync(FILE) ? Object.entries(JSON.parse(readFileSync(FILE, 'utf8'))) : [])
  return ready.get(text)
}

/** As `readDocuments`, which is asked for what the build has not read. */
export function documentsIn(text: string, file: string): { documents: WrittenMap[]; faults: Fault[] } {
  const documents = readyDocuments(text)
  return documents ? { documents, faults: [] } : readDocuments(text, file)
}
