import { readingFiles } from '../lake/parquet.ts'
import type { Engine } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { TooMuchMemory } from './bounds.ts'
import { nameHint } from './hints.ts'

/**
 * The error of a question that its words are at fault for, with what to write instead where that is known.
 */
export function blameQuestion(question: string, thrown: unknown): never {
  const why = sentence(thrown)
  throw new UserError(`${why}${nameHint(question, why)}`, { cause: thrown })
}

/**
 * A question that fails while it runs is a mistake of the user, unless a file cannot be read or memory is
 * short.
 */
export async function blameFiles(
  engine: Engine,
  question: string,
  files: readonly string[],
  thrown: unknown,
): Promise<never> {
  const text = sentence(thrown)
  if (/^Out of Memory Error/.test(text)) throw new TooMuchMemory(files, thrown)
  if (/^IO Error|parquet|zstd/i.test(text)) await readingFiles(engine, files, () => Promise.reject(thrown))
  return blameQuestion(question, thrown)
}
