import { once } from 'node:events'
import { closeSync, createWriteStream, existsSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { finished } from 'node:stream/promises'
import { sentence, UserError } from '../../lib/errors.ts'
import { paperWidth, print } from './output.ts'

/** The target of an answer's text. */
export interface Sink {
  /** Its width in columns. */
  width: number
  /** Whether it is a terminal that a person reads. */
  terminal: boolean
  write(text: string): Promise<void>
  /** Ends a complete answer: what was written becomes visible. */
  done(): Promise<void>
  /** Ends an incomplete answer: what was written is removed. */
  failed(): void
}

/** Standard output. */
export function stdoutSink(): Sink {
  const done = async () => undefined
  return { width: paperWidth(), terminal: process.stdout.isTTY === true, write: print, done, failed() {} }
}

/** A terminal that the caller has opened. */
export function terminalSink({ output }: { output: NodeJS.WritableStream & { columns?: number } }): Sink {
  return {
    width: output.columns ?? 80,
    terminal: true,
    async write(text) {
      if (!output.write(text)) await once(output, 'drain')
    },
    done: async () => undefined,
    failed() {},
  }
}

/** A file that appears only when the answer is complete; it replaces one of that name. */
function fileSink(path: string): Sink {
  const part = partOf(path)
  const stream = createWriteStream(part)
  let broken: unknown
  stream.on('error', (thrown) => {
    broken = thrown
  })
  const check = () => {
    if (broken !== undefined) throw cannotWrite(path, broken)
  }
  return {
    width: Number.POSITIVE_INFINITY,
    terminal: false,
    async write(text) {
      check()
      // `once` takes its listeners away again, also when the stream fails.
      if (!stream.write(text)) await once(stream, 'drain').catch(() => check())
      check()
    },
    async done() {
      stream.end()
      await finished(stream).catch((thrown) => {
        throw cannotWrite(path, broken ?? thrown)
      })
      renameSync(part, path)
    },
    failed() {
      stream.destroy()
      rmSync(part, { force: true })
    },
  }
}

/** Writes a complete text into a file. */
export async function writeText(path: string, text: string): Promise<void> {
  await writeRows(path, (sink) => sink.write(text))
}

/** Writes a file, which appears only when all of it was written. */
export async function writeRows(path: string, write: (sink: Sink) => Promise<void>): Promise<void> {
  const sink = fileSink(path)
  try {
    await write(sink)
    await sink.done()
  } catch (thrown) {
    sink.failed()
    throw thrown
  }
}

/** Checks that a file can be written, before the work for its content begins. */
export function checkOutput(path: string | undefined): void {
  if (path === undefined) return
  const part = partOf(path)
  try {
    closeSync(openSync(part, 'w'))
    rmSync(part)
  } catch (thrown) {
    throw cannotWrite(path, thrown)
  }
}

/** The temporary name of a file that is being written. */
export function partOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`--output ${path}: this is a folder, and a file is wanted`)
  return `${path}.${process.pid}.part`
}

export function cannotWrite(path: string, thrown: unknown): UserError {
  const folder = missingFolder(path)
  if (folder !== undefined)
    return new UserError(`--output ${path}: there is no folder ${folder}: make it first`, { cause: thrown })
  return new UserError(`--output ${path}: it cannot be written: ${sentence(thrown)}`, { cause: thrown })
}

/** The first folder on the way to a file that is not there. */
function missingFolder(path: string): string | undefined {
  let missing: string | undefined
  for (let folder = dirname(path); !existsSync(folder); folder = dirname(folder)) missing = folder
  return missing
}

const FORMAT_OF = {
  '.csv': 'csv',
  '.json': 'json',
  '.jsonl': 'ndjson',
  '.md': 'markdown',
  '.ndjson': 'ndjson',
  '.parquet': 'parquet',
  '.txt': 'table',
} as const

/** The format by a file's extension. */
export function formatOfFile(path: string): (typeof FORMAT_OF)[keyof typeof FORMAT_OF] {
  const ending = extname(path).toLowerCase()
  const format = FORMAT_OF[ending as keyof typeof FORMAT_OF]
  if (format) return format
  const known = Object.keys(FORMAT_OF).join(', ')
  throw new UserError(`--output ${path}: --format says how to write it, or a name that ends in ${known}`)
}
