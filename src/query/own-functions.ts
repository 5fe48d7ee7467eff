import type { Engine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'

/** Functions of every engine; they take precedence over DuckDB's. */
const always = [file('shallow')]
/**
 * Functions that only questions in Athena's SQL need, in order of dependency. Creating them takes as long as
 * a small question.
 */
const words = ['trino', 'addresses', 'json-path', 'lists', 'numbers', 'athena'].map(file)

function file(name: string): URL {
  return new URL(`./functions/${name}.sql`, import.meta.url)
}

/** Creates the functions of every engine. */
export async function createFunctions(engine: Engine): Promise<void> {
  for (const place of always) await engine.run(sql(place))
}

/** Creates Trino's functions and types, once in an engine. */
export async function createWords(engine: Engine): Promise<void> {
  for (const place of words) await engine.run(sql(place))
}

/** All functions as one script, which can run again in the same engine. */
export function functionsScript(): string {
  const text = [...always, ...words].map((place) => `${sql(place)};`).join('\n')
  return text
    .replace(/^create (schema|type) /gm, 'create $1 if not exists ')
    .replace(/^create macro /gm, 'create or replace macro ')
}

let names: ReadonlySet<string> | undefined
let asked: RegExp | undefined

/** Names of loglake's own functions, prefixed with their schema: `from_unixtime`, `trino.date_diff`. */
export function ownFunctions(): ReadonlySet<string> {
  names ??= new Set([...always, ...words].flatMap((place) => namesIn(place)))
  return names
}

/** Whether a text may name one of Trino's functions or types; a false positive does no harm. */
export function needsWords(text: string): boolean {
  asked ??= wordsPattern()
  return asked.test(text)
}

function wordsPattern(): RegExp {
  const own = words.flatMap((place) => namesIn(place)).map((name) => name.replace(/^trino\./, 'trino"?."?'))
  return new RegExp(String.raw`\b(?:ipaddress|ipprefix|(?:${own.join('|')})"?\s*\()`, 'i')
}

function namesIn(place: URL): string[] {
  return Array.from(sql(place).matchAll(/^create macro ([a-z0-9_.]+)\(/gm), ([, name = '']) => name)
}
