import { readFileSync } from 'node:fs'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { checkSizes } from './sizes.ts'
import { below, type Node, named, type Statement } from './statement.ts'
import { checkUnfolded } from './unfolded.ts'

/** What a question may name. */
export interface Readable {
  /** Tables and views, a schema's before its name: `cloudtrail`, `athena.cloudtrail_logs`. */
  tables: ReadonlySet<string>
  /** Functions of loglake's own, likewise: `from_unixtime`, `trino.date_diff`. */
  functions: ReadonlySet<string>
}

/** A function of the DuckDB that this version of loglake is made with. */
export interface KnownFunction {
  /** As DuckDB's `duckdb_functions()` has it. */
  kind: string
  name: string
  allowed: boolean
  /** Why it is refused, as the rest of a sentence: `reads files`. */
  why: string
}

/** Functions that the parser knows and DuckDB's own list leaves out. */
const UNLISTED = ['unnest']
/** Where a function's schema is none of its column's: `upper` may be asked as `eventname.upper()`. */
const FOREIGN = ['system', 'temp', 'memory', 'pg_catalog', 'information_schema']

let known: readonly KnownFunction[] | undefined

/** The list of `functions/duckdb.csv`, which a test holds against DuckDB. */
export function knownFunctions(): readonly KnownFunction[] {
  known ??= readFileSync(new URL('./functions/duckdb.csv', import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [, kind = '', quoted, bare = '', verdict, why = ''] = LINE.exec(line) ?? []
      return { kind, name: quoted?.replaceAll('""', '"') ?? bare, allowed: verdict === 'allow', why }
    })
  return known
}

const LINE = /^([a-z_]+),(?:"((?:[^"]|"")*)"|([^,]*)),(allow|deny),(?:"?)(.*?)(?:"?)$/

interface Verdicts {
  /** By name; undefined is no function. */
  value: ReadonlyMap<string, KnownFunction>
  table: ReadonlyMap<string, KnownFunction>
}
let sorted: Verdicts | undefined

function verdicts(): Verdicts {
  const byName = (of: (kind: string) => boolean) =>
    new Map(
      knownFunctions()
        .filter(({ kind }) => of(kind))
        .map((one) => [one.name.toLowerCase(), one]),
    )
  const table = (kind: string) => kind === 'table' || kind === 'table_macro'
  sorted ??= { table: byName(table), value: byName((kind) => !table(kind) && kind !== 'pragma') }
  return sorted
}

/**
 * Refuses a question that names a table, view or function which is not for questions. What is not on a list is refused:
 * tables of functions write files, read them, and tell of other questions.
 */
export function checkReads({ tree, select }: Pick<Statement, 'tree' | 'select'>, readable: Readable): void {
  try {
    visit(tree, new Set(), readable)
    checkSizes(tree)
    checkUnfolded({ tree, select }, (name) => isMacro(name, readable))
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new UserError('the question is nested too deeply', { cause: thrown })
    throw thrown
  }
}

function visit(node: Node | readonly unknown[], scope: ReadonlySet<string>, readable: Readable): void {
  if (Array.isArray(node)) {
    for (const inner of below(node)) visit(inner, scope, readable)
    return
  }
  const { cte_map, ...rest } = node as Node
  const inside = new Set(scope)
  for (const { name, query } of named({ cte_map })) {
    // Each name is known to those after it; only a recursive one knows itself.
    const { type } = (query.query as { node?: Node } | undefined)?.node ?? {}
    visit(query, type === 'RECURSIVE_CTE_NODE' ? new Set(inside).add(name) : inside, readable)
    inside.add(name)
  }
  check(rest, inside, readable)
  for (const inner of below(rest.type === 'TABLE_FUNCTION' ? argumentsOf(rest) : rest))
    visit(inner, inside, readable)
}

/** A table function's own name is checked as one; what it is given, as values. */
function argumentsOf(node: Node): Node {
  const { function: called, ...rest } = node
  return { ...rest, given: (called as Node).children }
}

function check(node: Node, scope: ReadonlySet<string>, readable: Readable): void {
  const { type, class: kind } = node
  if (type === 'BASE_TABLE') checkTable(node, scope, readable)
  else if (type === 'SHOW_REF') checkShow(node)
  else if (type === 'TABLE_FUNCTION') checkFunction(node.function as Node, verdicts().table, readable)
  else if (kind === 'FUNCTION' || kind === 'WINDOW') checkFunction(node, verdicts().value, readable)
  else if (kind === 'CAST') checkCast(node)
}

function checkTable(node: Node, scope: ReadonlySet<string>, { tables }: Readable): void {
  const [catalog, schema, table] = [node.catalog_name, node.schema_name, node.table_name].map((part) =>
    String(part ?? '').toLowerCase(),
  ) as [string, string, string]
  const plain = schema === '' || schema === 'main' ? table : `${schema}.${table}`
  if (catalog === '' && (tables.has(plain) || (schema === '' && scope.has(table)))) return
  const asked = [node.catalog_name, node.schema_name, node.table_name].filter((part) => part !== '').join('.')
  throw new UserError(
    `there is no table "${asked}"${didYouMean(plain, [...tables, ...scope]) || ' (`loglake tables` lists them)'}`,
  )
}

function checkShow({ query, table_name: asked }: Node): void {
  // DESCRIBE and SUMMARIZE of a table hold it as a query.
  if ((query ?? null) !== null || asked === '"tables"') return
  throw new UserError('SHOW TABLES, DESCRIBE and SUMMARIZE are answered; `loglake tables` tells more')
}

function checkFunction(node: Node, list: ReadonlyMap<string, KnownFunction>, { functions }: Readable): void {
  const name = String(node.function_name).toLowerCase()
  const [schema, catalog] = [node.schema, node.catalog].map((part) => String(part ?? '').toLowerCase()) as [
    string,
    string,
  ]
  if (functions.has(schema === '' || schema === 'main' ? name : `${schema}.${name}`) && catalog === '') return
  const found = list.get(name)
  if (catalog !== '' || FOREIGN.includes(schema)) {
    throw refused(
      name,
      `is asked without "${[catalog, schema].filter((part) => part !== '').join('.')}." before it`,
    )
  }
  if (node.export_state === true) throw refused(name, 'is asked without EXPORT_STATE')
  if (found?.allowed || UNLISTED.includes(name)) return
  if (found) throw refused(name, `is not for questions: it ${found.why}`)
  const names = [...functions, ...[...list.values()].filter(({ allowed }) => allowed).map((one) => one.name)]
  throw new UserError(`there is no function "${name}"${didYouMean(name, names)}`)
}

/** Whether a function is text that stands for other text; loglake's own are. */
function isMacro(name: string, { functions }: Readable): boolean {
  return functions.has(name) || functions.has(`trino.${name}`) || verdicts().value.get(name)?.kind === 'macro'
}

function refused(name: string, why: string): UserError {
  return new UserError(`the function ${name} ${why}${why.includes('not for') ? UNGUARDED : ''}`)
}

const UNGUARDED = ' (an operator may ask with `--unguarded`; files stay closed)'

/** DuckDB goes down into a VARIANT without a limit, and a log can be nested so deeply that the process ends. */
function checkCast(node: Node): void {
  if (/"(?:id|name|user_type_name)":"variant"/i.test(JSON.stringify(node.cast_type ?? null)))
    throw new UserError('a cast to VARIANT is not for questions: cast to JSON instead')
}
