import type { Engine } from '../lib/duckdb.ts'
import { sql } from '../lib/sql.ts'

/** What every engine has: functions that stand before DuckDB's. */
const always = [file('shallow')]
/** What only questions in Athena's words need, in the order of its needs. To make it takes as long as a small question. */
const words = [file('trino'), file('athena')]

function file(name: string): URL {
  return new URL(`./functions/${name}.sql`, import.meta.url)
}

/** Makes the functions that every engine has. */
export async function createFunctions(engine: Engine): Promise<void> {
  for (const place of always) await engine.run(sql(place))
}

/** Makes Trino's functions and types, once in an engine. */
export async function createWords(engine: Engine): Promise<void> {
  for (const place of words) await engine.run(sql(place))
}

/** All of them as one script, which may run in an engine that has them already. */
export function functionsScript(): string {
  const text = [...always, ...words].map((place) => `${sql(place)};`).join('\n')
  return text
    .replace(/^create (schema|type) /gm, 'create $1 if not exists ')
    .replace(/^create macro /gm, 'create or replace macro ')
}

let names: ReadonlySet<string> | undefined
let asked: RegExp | undefined

/** Names of loglake's own functions, a schema's before them: `from_unixtime`, `trino.date_diff`. */
export function ownFunctions(): ReadonlySet<string> {
  names ??= new Set([...always, ...words].flatMap((place) => namesIn(place)))
  return names
}

/** Whether a text may name one of Trino's functions or types; what it holds besides does no harm. */
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
