import type { Engine } from '../lib/duckdb.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { formHint } from './hints.ts'

/** A node of a statement's tree, as DuckDB's parser serialises it: every field may hold further nodes. */
export type Node = { [field: string]: unknown }

/** A question as DuckDB's parser reads it: one SELECT, or an EXPLAIN of one. */
export interface Statement {
  /** The SELECT alone. */
  select: string
  /** The prefix `explain analyze ` or the like, or empty. */
  explain: string
  /** The whole serialised tree. */
  tree: Node
}

/** A question that is refused as it is written, whatever tables and views there are. */
export class Refused extends UserError {}

interface Serialized extends Node {
  error: boolean
  error_message?: string
  /** Position of the mistake, in characters. */
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
 * Parses a question without binding or running it.
 *
 * @throws Refused when it is not one SELECT, nor EXPLAIN of one
 */
export async function readStatement(engine: Engine, question: string): Promise<Statement> {
  // DuckDB's parser ends at a NUL, so the checked text would differ from the text that runs.
  if (question.includes('\0')) throw new Refused('the question holds a NUL character')
  const statements = await engine.connection.extractStatements(question).catch((thrown) => {
    // DuckDB's only message for a question of white space and comments.
    if (sentence(thrown) === 'Error in native callback') throw new Refused('the question holds no statement')
    const why = sentence(thrown).replace(/^Failed to extract statements: /, '')
    throw new Refused(`${why}${formHint(question)}`, { cause: thrown })
  })
  // DuckDB turns a PIVOT into two statements.
  const hint = /^\s*(pivot|unpivot)\b/i.test(question) ? ' (write PIVOT as: from (pivot … on … in (…)))' : ''
  if (statements.count !== 1)
    throw new Refused(`one statement at a time, please: these are ${statements.count}${hint}`)
  const words = EXPLAIN.exec(question)
  const select = words ? question.slice(words[0].length) : question
  const tree = await serialized(engine, select)
  if (tree.error || tree.statements?.length !== 1) {
    const why = words ? 'EXPLAIN is of a SELECT' : 'a SELECT is wanted'
    const other = tree.error_message?.startsWith('Only SELECT') ? '' : `: ${tree.error_message ?? ''}`
    throw new Refused(`the lake is only read here: ${why}${other}${hint}${formHint(question)}`)
  }
  return { select, explain: words ? explained(words) : '', tree }
}

function explained(words: RegExpExecArray): string {
  const options = words.slice(1).filter((word) => word !== undefined)
  return options.length === 0 ? 'explain ' : `explain (${options.join(', ')}) `
}

/** The tree of one or several SELECTs, or the parser's error. */
export async function serialized(engine: Engine, select: string): Promise<Serialized> {
  const [[json] = []] = await engine.rows('select json_serialize_sql($1::varchar)', [select])
  return parseTree(String(json)) as Serialized
}

/**
 * A tree as DuckDB writes it. Integers that JSON.parse would round, and the infinite numbers that it does not
 * know, become texts that begin with a NUL, which no question holds; `deserialized` writes the integers as
 * they were.
 */
export function parseTree(json: string): unknown {
  if (!MAYBE_INEXACT.test(json)) return JSON.parse(json)
  return JSON.parse(json.replace(TOKEN, (token) => (INEXACT.test(token) ? `"\\u0000${token}"` : token)))
}

/** Texts, to skip them, and numbers. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|-?Infinity|-?NaN/g
const INEXACT = /^-?(?:\d{16,}|Infinity|NaN)$/
/** Looking at each token takes thirty times as long. */
const MAYBE_INEXACT = /\d{16}|Infinity|NaN/

/** The SELECT that a tree represents, as text. */
export async function deserialized(engine: Engine, tree: Node): Promise<string> {
  const text = JSON.stringify(tree)
  if (/"\\u0000-?(?:Infinity|NaN)"/.test(text))
    throw new UserError(
      "a number in the question is beyond DOUBLE: write 'Infinity'::double for an infinite one",
    )
  const json = text.replace(/"\\u0000(-?\d+)"/g, '$1')
  const [[statement] = []] = await engine.rows('select json_deserialize_sql($1::json)', [json])
  return String(statement)
}

/** A node's direct children: nodes and lists. */
export function below(node: Node | readonly unknown[]): (Node | unknown[])[] {
  return Object.values(node).filter(
    (inner): inner is Node | unknown[] => typeof inner === 'object' && inner !== null,
  )
}

/** The CTEs of a node in order, each with its name and query. */
export function named(node: Node): { name: string; query: Node }[] {
  const map = (node.cte_map as { map?: { key: string; value: Node }[] } | undefined)?.map ?? []
  return map.map(({ key, value }) => ({ name: key.toLowerCase(), query: value }))
}
