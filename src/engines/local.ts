/**
 * Turns the result of another engine into one of ours: its rows go through a file into a local engine, so
 * that all output formats and all types are the same for every engine.
 */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EngineLimits, openEngine } from '../lib/duckdb.ts'
import { UserError } from '../lib/errors.ts'
import { identifier, literal } from '../lib/sql.ts'
import { type Answer, answerFrom } from '../query/answer.ts'
import type { RemoteAnswer, RemoteValue } from './contract.ts'

/** Reads the result to its end. The caller closes the returned answer. */
export async function asOwnAnswer(remote: RemoteAnswer, limits: EngineLimits): Promise<Answer> {
  if (remote.columns.length === 0)
    throw new UserError('the engine gave no columns: only queries that return rows are supported')
  const place = await mkdtemp(join(tmpdir(), 'loglake-answer-'))
  const file = join(place, 'rows.json')
  const engine = await openEngine(limits).catch(async (thrown) => {
    await rm(place, { recursive: true, force: true })
    throw thrown
  })
  const close = () => {
    engine.close()
    void rm(place, { recursive: true, force: true })
  }
  try {
    const out = createWriteStream(file)
    for await (const row of remote.rows) {
      const line = JSON.stringify(Object.fromEntries(row.map((value, at) => [`c${at}`, textOf(value)])))
      if (!out.write(`${line}\n`)) await once(out, 'drain')
    }
    out.end()
    await once(out, 'close')
    const read = remote.columns.map((_, at) => `c${at}: 'varchar'`).join(', ')
    const names = distinct(remote.columns)
    const select = names.map((name, at) => `${typedText(`c${at}`, remote.types[at])} as ${identifier(name)}`)
    const from = `read_json(${literal(file)}, format = 'newline_delimited', columns = {${read}}, maximum_object_size = 268435456)`
    return await answerFrom(engine, `select ${select.join(', ')} from ${from}`, close)
  } catch (thrown) {
    close()
    throw thrown
  }
}

function textOf(value: RemoteValue): string | null {
  if (value === null) return null
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** SQL that casts a text of the other engine to one of our types; a text of any other type stays text. */
function typedText(column: string, type = 'varchar'): string {
  const [kind = ''] = /^[a-z]+/.exec(type.toLowerCase()) ?? []
  if (kind === 'timestamp') {
    // `2026-01-09 23:45:07.000 UTC`; a type without a zone has no zone in the text.
    return /time zone/i.test(type)
      ? `replace(${column}, ' UTC', '+00')::timestamptz`
      : `coalesce(try_cast(${column} as timestamp)::varchar, ${column})`
  }
  return KINDS.has(kind) ? `${column}::${kind}` : column
}

const KINDS = new Set(['bigint', 'integer', 'smallint', 'tinyint', 'double', 'real', 'boolean', 'date'])

/** Numbers names that occur twice. */
function distinct(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = seen.get(name.toLowerCase()) ?? 0
    seen.set(name.toLowerCase(), count + 1)
    return count === 0 ? name : `${name}_${count}`
  })
}
