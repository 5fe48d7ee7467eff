import { randomUUID } from 'node:crypto'
import { mkdir, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { sentence } from '../lib/errors.ts'
import type { Reader } from '../query/reader.ts'
import { Problem } from './problem.ts'
import type { Seen } from './seen.ts'

/** A call, as the access log records it. */
export interface Access {
  operation: string
  /** `shown`, `refused`, `failed`, or a step of signing in. */
  outcome: string
  input: unknown
  seen: Seen
  version: number | null
  reader: Reader
  address: string | null
  requestId: string
}

/**
 * Records who was shown which data. A line is written to a local file and flushed to disk before any data is
 * sent. Lines reach the table `access_log` in batches (`access-table.ts`), since a commit for each page would
 * empty every cache and create countless files. It cannot be switched off: if a line cannot be written, no
 * data is sent.
 */
export interface AccessLog {
  /**
   * Resolves once the line is on disk.
   *
   * @throws Problem 503 when it cannot be written
   */
  write(access: Access): Promise<void>
  /** Lines that are not in the table yet, oldest first. */
  pending(): readonly AccessLine[]
  /**
   * Closes the current file and returns it with its lines; later lines go to a new file. A file whose commit
   * failed is returned again.
   */
  turn(): Promise<{ file: string; lines: readonly AccessLine[] } | undefined>
  /** Forgets a file whose lines are in the table. */
  committed(file: string): void
  owns(file: string): boolean
  close(): Promise<void>
}

/** A row of `access_log`, as the file stores it. */
export interface AccessLine {
  id: string
  time: string
  subject: string
  name: string
  role: string
  signed_in: string
  address: string | null
  operation: string
  about: string | null
  input: string
  outcome: string
  rows: number | null
  unmasked: boolean
  lake_version: number | null
}

/** Characters of an input that are recorded; the rest is cut. */
const LONGEST_INPUT = 100_000

/** @param folder for files whose lines are not committed yet; created if missing */
export async function openAccessLog(folder: string, now: () => Date = () => new Date()): Promise<AccessLog> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  let current = await newFile()
  let lines: AccessLine[] = []
  /** Closed files that wait for their commit. */
  let turned: { file: string; lines: readonly AccessLine[] }[] = []
  let waiting: { text: string; line: AccessLine; done(): void; failed(thrown: unknown): void }[] = []
  let writing: Promise<void> | undefined
  /** The batch being written, into the file that was current when it started. */
  let batch: Promise<void> = Promise.resolve()
  const torn = new Set<string>()

  async function newFile() {
    const file = join(
      folder,
      `${now().toISOString().replaceAll(':', '')}-p${process.pid}-${randomUUID()}.ndjson`,
    )
    return { file, handle: await open(file, 'ax', 0o600) }
  }

  /** Writes the lines of one batch and flushes them together: one flush serves many readers. */
  async function writeBatch(): Promise<void> {
    const { file, handle } = current
    const into = lines
    const batch = waiting
    waiting = []
    try {
      // A failed write may have left a part of a line.
      const start = torn.delete(file) ? '\n' : ''
      await handle.appendFile(start + batch.map(({ text }) => text).join(''))
      await handle.datasync()
      into.push(...batch.map(({ line }) => line))
      for (const { done } of batch) done()
    } catch (thrown) {
      torn.add(file)
      for (const { failed } of batch) failed(thrown)
    }
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      batch = writeBatch()
      await batch
    }
    writing = undefined
  }

  return {
    async write(access) {
      const line = lineOf(access, now())
      await new Promise<void>((done, failed) => {
        waiting.push({ text: `${JSON.stringify(line)}\n`, line, done, failed })
        writing ??= writeAll()
      }).catch((cause) => {
        throw notRecorded(cause)
      })
    },
    pending: () => [...turned.flatMap((one) => one.lines), ...lines],
    async turn() {
      if (lines.length > 0) {
        const next = await newFile()
        const full = { file: current.file, lines, handle: current.handle }
        current = next
        lines = []
        await batch
        turned.push(full)
        await full.handle.close()
      }
      return turned[0]
    },
    committed(file) {
      turned = turned.filter((one) => one.file !== file)
    },
    owns: (file) => file === current.file || turned.some((one) => one.file === file),
    async close() {
      await writing
      await current.handle.close()
      if (lines.length === 0) await rm(current.file, { force: true })
    },
  }
}

function lineOf({ reader, seen, input, version, ...access }: Access, now: Date): AccessLine {
  return {
    id: access.requestId,
    time: now.toISOString(),
    subject: reader.subject,
    name: reader.name,
    role: reader.role,
    signed_in: reader.signedIn,
    address: access.address,
    operation: access.operation,
    about: seen.about ?? null,
    input: (JSON.stringify(input) ?? 'null').slice(0, LONGEST_INPUT),
    outcome: access.outcome,
    rows: seen.rows ?? null,
    unmasked: seen.unmasked ?? false,
    lake_version: version,
  }
}

function notRecorded(cause: unknown): Problem {
  return new Problem(
    503,
    'Not recorded',
    `Nothing is shown, since the access log cannot be written: ${sentence(cause).split('\n')[0]}. Tell whoever runs loglake.`,
    { retryAfter: 10, cause },
  )
}
