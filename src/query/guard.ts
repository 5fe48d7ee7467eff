import { readFileSync } from 'node:fs'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { functionHint, tableHint } from './hints.ts'
import { checkSizes } from './sizes.ts'
import { below, type Node, named, Refused, type Statement } from './statement.ts'
import { checkUnfolded } from './unfolded.ts'

/** The names that a question may use. */
export interface Readable {
  /** Tables and views, prefixed with their schema: `cloudtrail`, `athena.cloudtrail_logs`. */
  tables: ReadonlySet<string>
  /** loglake's own functions, likewise: `from_unixtime`, `trino.date_diff`. */
  functions: ReadonlySet<string>
}

/** A function of the DuckDB version that this version of loglake uses. */
export interface KnownFunction {
  /** The type that DuckDB's `duckdb_functions()` gives. */
  kind: string
  name: string
  allowed: boolean
  /** Why it is refused, as the end of a sentence: `reads files`. */
  why: string
}

/** Functions that the parser accepts but DuckDB's own list omits. */
const UNLISTED = ['unnest']
/** The schemas of DuckDB's functions; in `eventname.upper()`, the parser takes the column for a schema. */
const FOREIGN = ['system', 'temp', 'memory', 'pg_catalog', 'information_schema']

let known: readonly KnownFunction[] | undefined

/** The list in `functions/duckdb.csv`, which a test compares with DuckDB. */
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

/** A function of Trino, in the list of its documentation. */
export interface FunctionOfTrino {
  /** `duckdb` has it, `own` is loglake's, `syntax` is no function but grammar, `not` is missing. */
  here: 'duckdb' | 'own' | 'syntax' | 'not'
  /** Why it is missing, or what to write instead. */
  note: string
}

let trinos: ReadonlyMap<string, FunctionOfTrino> | undefined

/** The list in `functions/trino.csv`, which a test compares with DuckDB's and our own. */
export function functionsOfTrino(): ReadonlyMap<string, FunctionOfTrino> {
  trinos ??= new Map(
    readFileSync(new URL('./functions/trino.csv', import.meta.url), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1)
      .map((line) => {
        const [, name = '', here = '', note = ''] = /^(\w+),(\w+),"?(.*?)"?$/.exec(line) ?? []
        return [name, { here, note } as FunctionOfTrino]
      }),
  )
  return trinos
}

interface Verdicts {
  /** By name; undefined when there is no such function. */
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
 * Refuses a question that names a table, view or function outside the allowed lists: some table functions
 * write files, read them, or reveal other questions.
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
    // Each CTE is visible to those after it; only a recursive one is visible to itself.
    const { type } = (query.query as { node?: Node } | undefined)?.node ?? {}
    visit(query, type === 'RECURSIVE_CTE_NODE' ? new Set(inside).add(name) : inside, readable)
    inside.add(name)
  }
  check(rest, inside, readable)
  for (const inner of below(rest.type === 'TABLE_FUNCTION' ? argumentsOf(rest) : rest))
    visit(inner, inside, readable)
}

/** A table function's own name is checked separately; its arguments are checked as values. */
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
  const names = [...tables, ...scope]
  throw new UserError(
    `there is no table "${asked}"${tableHint(plain, names) ?? (didYouMean(plain, names) || ' (`loglake tables` lists them)')}`,
  )
}

function checkShow({ query, table_name: asked }: Node): void {
  // DESCRIBE and SUMMARIZE of a table contain it as a query.
  if ((query ?? null) !== null || asked === '"tables"') return
  throw new UserError('SHOW TABLES, DESCRIBE and SUMMARIZE are answered; `loglake tables` shows more')
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
  const lacking = functionsOfTrino().get(name)
  if (lacking?.here === 'not') throw new UserError(`Athena's function ${name} is not here: ${lacking.note}`)
  const names = [...functions, ...[...list.values()].filter(({ allowed }) => allowed).map((one) => one.name)]
  throw new UserError(`there is no function "${name}"${functionHint(name) || didYouMean(name, names)}`)
}

/** Whether a function is a macro; loglake's own functions are. */
function isMacro(name: string, { functions }: Readable): boolean {
  return functions.has(name) || functions.has(`trino.${name}`) || verdicts().value.get(name)?.kind === 'macro'
}

function refused(name: string, why: string): Refused {
  return new Refused(`the function ${name} ${why}${why.includes('not for') ? UNGUARDED : ''}`)
}

const UNGUARDED = ' (an operator may ask with `--unguarded`; files stay closed)'

/**
 * DuckDB recurses into a VARIANT without a limit, and a log can be nested so deeply that the process ends.
 */
function checkCast(node: Node): void {
  if (/"(?:id|name|user_type_name)":"variant"/i.test(JSON.stringify(node.cast_type ?? null)))
    throw new UserError('a cast to VARIANT is not for questions: cast to JSON instead')
}
