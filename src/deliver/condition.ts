/**
 * Conditions and templates are the operator's own SQL. Before a route runs, they are parsed and bound in an
 * engine without access to files, the network or settings, over an empty table: a name of anything but the
 * row is refused there.
 */
import { SQL_TYPE, type TableDefinition } from '../lake/table.ts'
import { type Engine, openEngine } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { identifier } from '../lib/sql.ts'

/**
 * Opens an engine that only uses its own memory, with an empty table `added`.
 *
 * @param prepare is called before the engine is locked
 */
export async function openLocked(
  table: TableDefinition,
  prepare?: (engine: Engine) => Promise<void>,
): Promise<Engine> {
  const engine = await openEngine({ threads: 1, memory: '256MiB' })
  const columns = table.columns.map(({ name, type }) => `${identifier(name)} ${SQL_TYPE[type]}`)
  await engine.run(`create table added (${columns.join(', ')})`)
  await prepare?.(engine)
  await engine.run('set enable_external_access = false')
  await engine.run('set lock_configuration = true')
  return engine
}

/** Why a text is not a condition on a table's rows; undefined when it is one. */
export async function checkCondition(table: TableDefinition, where: string): Promise<string | undefined> {
  return await binds(
    table,
    `(${where}\n)`,
    (given) => `select ${given} from added`,
    async (engine) => {
      await engine.rows(`select count(*) from added where (${where}\n)`)
    },
  )
}

/** Why a text is not a list of columns over a table's rows; undefined when it is one. */
export async function checkTemplate(table: TableDefinition, template: string): Promise<string | undefined> {
  return await binds(
    table,
    template,
    (given) => `select ${given}\n from added`,
    async (engine) => {
      // An ungrouped row number makes DuckDB refuse aggregates; an aggregate or a window over the rows of one
      // chunk would be meaningless.
      await engine.rows(`select rowid, ${template}\n from added`)
    },
  )
}

interface Tree {
  error?: boolean
  error_message?: string
  statements?: { node?: { select_list?: unknown[]; from_table?: { type?: string } } }[]
}

async function binds(
  table: TableDefinition,
  given: string,
  statement: (given: string) => string,
  bind: (engine: Engine) => Promise<void>,
): Promise<string | undefined> {
  if (given.includes('\0')) return 'it holds a NUL character'
  const engine = await openLocked(table)
  try {
    const [[json] = []] = await engine.rows('select json_serialize_sql($1::varchar)', [statement(given)])
    const tree = JSON.parse(String(json)) as Tree
    if (tree.error) return tree.error_message ?? 'it is no SQL'
    const from = tree.statements?.[0]?.node?.from_table?.type
    if (tree.statements?.length !== 1 || from !== 'BASE_TABLE')
      return 'one expression is wanted, and no statement'
    const odd = ODD.exec(String(json))
    if (odd)
      return `it may not use ${odd[1] ?? 'a question within the question'}: a row is sent once, by itself`
    await bind(engine)
    return undefined
  } catch (thrown) {
    return sentence(thrown)
      .split('\n')[0]
      ?.replace(/^(Binder|Parser|Catalog|Permission) Error: /, '')
  } finally {
    engine.close()
  }
}

/**
 * DuckDB quotes the value that a condition cannot be computed for, which a policy may mask: what is told is
 * everything before it.
 */
export function withoutValue(thrown: unknown): unknown {
  const found =
    /^((?:Conversion|Invalid Input|Out of Range|Mismatch Type|Invalid type|Cast) Error: [^"'`\n]*)/i.exec(
      sentence(thrown),
    )
  if (!found) return thrown
  return new UserError(
    `the condition cannot be computed for every row (${found[1]?.trim()} …): try_cast gives null in place of an error`,
  )
}

/** Functions that turn one row into several, or read other rows; and the engine's own tables. */
const ODD =
  /"(?:function_name|table_name)":"(unnest|generate_subscripts|nextval|duckdb_\w+|pragma_\w+|sqlite_\w+|getenv|query|query_table|read_\w+|glob)"|"(?:type)":"(SUBQUERY)"/i
