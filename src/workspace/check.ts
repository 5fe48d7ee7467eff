import { StatementType } from '@duckdb/node-api'
import { recordTable } from '../ingest/spool/fields.ts'
import { plannedMetadata } from '../lake/change.ts'
import type { Lake } from '../lake/lake.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { LakeError, sentence, UserError } from '../lib/errors.ts'
import { identifier } from '../lib/sql.ts'
import type { PreparedType } from '../logtypes/contract.ts'
import type { Definition } from '../onboard/definition.ts'
import { logTypeOf, type Onboarded } from '../onboard/logtype.ts'
import { tableOf } from '../tables/index.ts'

/**
 * Checks the user's log types before the first record: their SQL, and whether they fit the tables in the
 * lake. Throws a UserError that names file and line.
 */
export async function checkOnboarded(lake: Lake, { definitions, hashKey }: Onboarded): Promise<void> {
  if (definitions.length === 0) return
  const types = definitions.map((definition) => logTypeOf(definition, hashKey))
  await checkSelects(types)
  const base = await lake.newest()
  for (const [index, type] of types.entries()) {
    const current = await base.table(type.name)
    try {
      plannedMetadata(lake.storage, tableOf(type), current)
    } catch (thrown) {
      if (!(thrown instanceof LakeError)) throw thrown
      throw new UserError(differs(definitions[index] as Definition, thrown.what))
    }
  }
}

function differs({ file, columns }: Definition, why: string): string {
  const [, named] = /column (\w+)/.exec(why) ?? []
  const line = columns.find(({ name }) => name === named)?.line ?? 1
  return `${file}:${line}: ${why}. Leave what the lake has as it is, and add new columns instead; or give the log type another name`
}

/** Runs each SQL on an empty table: it must be one SELECT that gives the columns of its log type. */
export async function checkSelects(types: readonly PreparedType[]): Promise<void> {
  const selecting = types.filter(({ select }) => select)
  if (selecting.length === 0) return
  const engine = await openEngine({ threads: 1 })
  try {
    for (const type of selecting) await checkSelect(engine, type)
  } finally {
    engine.close()
  }
}

async function checkSelect(engine: Engine, type: PreparedType): Promise<void> {
  const { file, text } = type.select as { file: string; text: string }
  const blame = (thrown: unknown): never => {
    throw new UserError(`${file}:${lineOf(sentence(thrown))}: ${withoutLine(sentence(thrown))}`, {
      cause: thrown,
    })
  }
  if (text.trim() === '') throw new UserError(`${file}:1: there is no statement`)
  await engine.run(`create or replace temp table record (${recordTable(type)})`)
  const statements = await engine.connection.extractStatements(text).catch(blame)
  if (statements.count !== 1)
    throw new UserError(`${file}:1: one statement is wanted, these are ${statements.count}`)
  const { statementType } = await statements.prepare(0).catch(blame)
  if (statementType !== StatementType.SELECT)
    throw new UserError(`${file}:1: a SELECT is wanted, not ${StatementType[statementType]}`)
  const found = await engine.objects(`describe ${text}`).catch(blame)
  const given = found.map(({ column_name }) => String(column_name))
  const wanted = [...type.columns.map(({ name }) => name), 'unmapped', 'lake_object']
  const missing = wanted.filter((name) => !given.includes(name))
  const further = given.filter((name, at) => !wanted.includes(name) || given.indexOf(name) !== at)
  if (missing.length > 0)
    throw new UserError(
      `${file}:1: it does not give ${named(missing)}: \`select *, … from record\` carries along what record has`,
    )
  if (further.length > 0)
    throw new UserError(`${file}:1: it gives ${named(further)}, which logtype.yaml has not`)
  await engine
    .run(
      `select ${type.columns.map(({ name, type: kind }) => castOf(name, kind)).join(', ')} from (\n${text}\n)`,
    )
    .catch(blame)
}

function castOf(name: string, kind: string): string {
  return kind === 'timestamptz' ? `epoch_us(${identifier(name)})` : identifier(name)
}

function named(names: readonly string[]): string {
  return names.length === 1 ? `the column ${names[0]}` : `the columns ${names.join(', ')}`
}

/** The line at fault in DuckDB's message: `LINE 3: …`. */
function lineOf(message: string): number {
  return Number(/^LINE (\d+):/m.exec(message)?.[1] ?? 1)
}

function withoutLine(message: string): string {
  return message
    .replace('Failed to extract statements: ', '')
    .replace(/\n+LINE \d+:[\s\S]*$/, '')
    .trim()
}
