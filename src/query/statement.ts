import type { Engine } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'

/** A node of a statement's tree, as DuckDB's parser serialises it: every field may hold further nodes. */
export type Node = { [field: string]: unknown }

/** A question as DuckDB's parser understands it: one SELECT, or an EXPLAIN of one. */
export interface Statement {
  /** The SELECT alone. */
  select: string
  /** What stands before it: `explain analyze `, else nothing. */
  explain: string
  /** The whole serialised tree. */
  tree: Node
}

interface Serialized extends Node {
  error: boolean
  error_message?: string
  /** Of the mistake, in characters. */
  position?: string
  statements?: Node[]
}

const BLANK = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/)`
const FORMAT = String.raw`format\s+(?:text|json|html|graphviz|yaml|mermaid)`
const EXPLAIN = new RegExp(
  String.raw`^${BLANK}*explain${BLANK}+(?:(analyze)${BLANK}+|\(\s*(?:(analyze)|(${FORMAT})|(analyze)\s*,\s*(${FORMAT})|(${FORMAT})\s*,\s*(analyze))\s*\)${BLANK}*)?`,
  'i',
)

/**
 * Reads a question without running or binding any of it.
 *
 * @throws UserError when it is not one SELECT, nor EXPLAIN of one
 */
export async function readStatement(engine: Engine, question: string): Promise<Statement> {
  // DuckDB's parser ends at a NUL, and what is checked here would not be what is run.
  if (question.includes('\0')) throw new UserError('the question holds a NUL character')
  const statements = await engine.connection.extractStatements(question).catch((thrown) => {
    // DuckDB says no more of a question that is all white space and comments.
    if (sentence(thrown) === 'Error in native callback')
      throw new UserError('the question holds no statement')
    throw new UserError(sentence(thrown).replace(/^Failed to extract statements: /, ''), { cause: thrown })
  })
  // DuckDB makes two statements of a PIVOT.
  const hint = /^\s*(pivot|unpivot)\b/i.test(question) ? ' (write PIVOT as: from (pivot … on … in (…)))' : ''
  if (statements.count !== 1)
    throw new UserError(`one statement at a time, please: these are ${statements.count}${hint}`)
  const words = EXPLAIN.exec(question)
  const select = words ? question.slice(words[0].length) : question
  const tree = await serialized(engine, select)
  if (tree.error || tree.statements?.length !== 1) {
    const why = words ? 'EXPLAIN is of a SELECT' : 'a SELECT is wanted'
    const other = tree.error_message?.startsWith('Only SELECT') ? '' : `: ${tree.error_message ?? ''}`
    throw new UserError(`the lake is only read here: ${why}${other}${hint}`)
  }
  return { select, explain: words ? explained(words) : '', tree }
}

function explained(words: RegExpExecArray): string {
  const options = words.slice(1).filter((word) => word !== undefined)
  return options.length === 0 ? 'explain ' : `explain (${options.join(', ')}) `
}

/** The tree of one or several SELECTs, or why there is none. */
export async function serialized(engine: Engine, select: string): Promise<Serialized> {
  const [[json] = []] = await engine.rows('select json_serialize_sql($1::varchar)', [select])
  const exact = String(json).replace(LARGE, (text) => (text.startsWith('"') ? text : `"\\u0000${text}"`))
  return JSON.parse(exact) as Serialized
}

/** Whole numbers that JSON.parse would round, and texts, which are to be passed over. No question holds a NUL. */
const LARGE = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g

/** The SELECT that a tree stands for, as text. */
export async function deserialized(engine: Engine, tree: Node): Promise<string> {
  const json = JSON.stringify(tree).replace(/"\\u0000(-?\d+)"/g, '$1')
  const [[text] = []] = await engine.rows('select json_deserialize_sql($1::json)', [json])
  return String(text)
}

/** Nodes and lists that lie right below a node. */
export function below(node: Node | readonly unknown[]): (Node | unknown[])[] {
  return Object.values(node).filter(
    (inner): inner is Node | unknown[] => typeof inner === 'object' && inner !== null,
  )
}

/** Names that the WITH of a node gives, in order, with the query of each. */
export function named(node: Node): { name: string; query: Node }[] {
  const map = (node.cte_map as { map?: { key: string; value: Node }[] } | undefined)?.map ?? []
  return map.map(({ key, value }) => ({ name: key.toLowerCase(), query: value }))
}
