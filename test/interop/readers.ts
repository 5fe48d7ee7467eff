import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Facts, SnapshotFacts } from './contract.ts'

/** What a reader is to find out about one table. */
export interface Job {
  /** The table's folder, and its newest metadata file, as URIs. */
  folder: string
  metadata: string
  dataFiles: string[]
  columns: string[]
  /** Columns whose different values are counted. */
  distinct: string[]
  /** The rows that are compared whole; the column names a row. */
  sample: { column: string; values: string[] }
  predicates: ReaderPredicate[][]
  /** Snapshots to read besides the current one. */
  snapshots: number[]
}

export type ReaderPredicate =
  | { column: string; op: '=' | '<' | '<=' | '>' | '>='; value: string }
  | { column: string; op: 'is null' }

/** What a reader found, beside the facts. */
export interface Reading extends Facts {
  types: Record<string, string>
  snapshot: number
  listed: number[]
  files: string[]
  planned: { files: string[]; rows: number }[]
  snapshots: Record<string, SnapshotFacts>
}

export interface ArrowReading {
  pyiceberg: Reading & { arrow: Record<string, string>; hinted: number; summary: Record<string, string> }
  pyarrow: { rows: number; digest: string; ids: Record<string, number>; types: Record<string, string> }
}

export interface Reader<Answer> {
  read(jobs: readonly Job[]): Promise<Answer[]>
  close(): void
}

const PYTHON = resolve('.venv/bin/python')

/** Starts a Python reader, once for all jobs: Spark takes its time to start. */
export function startReader<Answer>(script: string): Reader<Answer> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const child = spawn(PYTHON, ['-B', file], { stdio: ['pipe', 'pipe', 'pipe'] })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  let last = ''
  child.stderr.on('data', (chunk: Buffer) => {
    last = `${last}${chunk.toString()}`.slice(-4000)
  })
  const failed = new Promise<never>((_, reject) => child.on('error', reject))
  failed.catch(() => undefined)
  child.stdin.on('error', () => undefined)
  return {
    async read(jobs) {
      child.stdin.write(`${JSON.stringify(jobs)}\n`)
      const { value, done } = await Promise.race([lines.next(), failed])
      if (done) throw new Error(`${script} ended\n${last}`)
      const answers = JSON.parse(value) as Answer[] | { error: string }
      if (!Array.isArray(answers)) throw new Error(`${script}: ${answers.error}`)
      return answers
    },
    close: () => child.stdin.end(),
  }
}
