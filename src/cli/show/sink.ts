import { once } from 'node:events'
import { closeSync, createWriteStream, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { extname } from 'node:path'
import { finished } from 'node:stream/promises'
import { sentence, UserError } from '../../lib/errors.ts'
import { paperWidth, print } from './output.ts'

/** Where an answer's text goes. */
export interface Sink {
  /** Columns that it has room for. */
  width: number
  /** A person reads it there, on a terminal. */
  terminal: boolean
  write(text: string): Promise<void>
  /** The answer is whole: what was written becomes visible. */
  done(): Promise<void>
  /** The answer broke off: what was written is removed. */
  failed(): void
}

/** Standard output. */
export function stdoutSink(): Sink {
  const done = async () => undefined
  return { width: paperWidth(), terminal: process.stdout.isTTY === true, write: print, done, failed() {} }
}

/** A terminal that was opened by somebody else. */
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

/** A file that is there only when the answer is whole; one of that name is replaced. */
export function fileSink(path: string): Sink {
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
      if (!stream.write(text))
        await Promise.race([once(stream, 'drain'), finished(stream)]).catch(() => check())
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

/** Writes a text that is there already into a file. */
export async function writeText(path: string, text: string): Promise<void> {
  const sink = fileSink(path)
  try {
    await sink.write(text)
    await sink.done()
  } catch (thrown) {
    sink.failed()
    throw thrown
  }
}

/** Whether a file can be written, before anything is done for what goes into it. */
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

/** The name of a file while it is written. */
export function partOf(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`--output ${path}: this is a folder, and a file is wanted`)
  return `${path}.${process.pid}.part`
}

export function cannotWrite(path: string, thrown: unknown): UserError {
  return new UserError(`--output ${path}: it cannot be written: ${sentence(thrown)}`, { cause: thrown })
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

/** The format that a file's name asks for. */
export function formatOfFile(path: string): (typeof FORMAT_OF)[keyof typeof FORMAT_OF] {
  const ending = extname(path).toLowerCase()
  const format = FORMAT_OF[ending as keyof typeof FORMAT_OF]
  if (format) return format
  const known = Object.keys(FORMAT_OF).join(', ')
  throw new UserError(`--output ${path}: --format says how to write it, or a name that ends in ${known}`)
}
