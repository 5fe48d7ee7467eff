import type { z } from 'zod'
import type { Answer as Rows } from '../query/answer.ts'
import type { Reader } from '../query/reader.ts'
import type { Context } from './context.ts'
import type { Seen } from './seen.ts'

/**
 * Something that loglake answers or does, for the browser, HTTP, the command line and agents alike. An
 * operation is one file in `operations/` and one line in `index.ts`; all go through `call.ts`, which checks
 * rights and writes the access log before it answers.
 */
export interface Operation<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Local extends z.ZodObject = z.ZodObject,
> {
  /** As in `activity-chart`: its path below `/api/`. */
  name: string
  /** One sentence for callers. */
  doc: string
  /** A `read` is a GET and changes only the access log; a `write` is a POST. */
  kind: 'read' | 'write'
  /** A `write` that changes only the access log: it is a POST because its input is long. */
  onlyAsks?: true
  /** No tool of MCP: it is for who runs loglake, and each tool takes room in the context of every client. */
  noTool?: true
  /** The queue for its statements: a `page` is small and quick, a `question` may take as long as a scan. */
  queue: 'page' | 'question'
  input: Input
  /** For the operator at the command line, without the limits that protect a server; by default the same. */
  local?: {
    input: Local
    run(input: z.output<Local>, context: Context): Promise<Answer | OpenRows>
  }
  /** The schema of the JSON that `run` answers; for a download, of a line; for events, of one. */
  output: Output
  /**
   * Tables that the answer depends on: it is cached until their versions change. Undefined disables caching.
   */
  reads?: readonly string[] | 'all'
  /** Whether the answer depends on the people file too. */
  readsPeople?: true
  /** Whether the answer depends on the person; else readers of the same rows share it. */
  personal?: true
  /**
   * `json` by default. `lines` is a download whose lines are JSON, sent one by one; another `download` has no
   * JSON. `events` go on until the caller leaves.
   */
  answers?: 'json' | 'download' | 'lines' | 'events'
  /** The media types that a `download` may have. */
  mediaTypes?: readonly string[]
  /** The scope that a token needs. */
  scope: 'read' | 'query' | 'status' | 'review' | 'admin'
  may(reader: Reader): boolean
  run(input: z.output<Input>, context: Context): Promise<Answer>
}

/** Whether it changes nothing but the access log. */
export function changesNothing({ kind, onlyAsks }: Operation): boolean {
  return kind === 'read' || onlyAsks === true
}

/** Whether its answer is whole once it has been sent, so that programs that want an answer can call it. */
export function answersOnce({ answers = 'json' }: Operation): boolean {
  return answers === 'json' || answers === 'lines'
}

/** JSON, a download that is sent as it comes, or events. */
export type Answer = JsonAnswer | Download | Events

export interface JsonAnswer {
  kind: 'json'
  /** May contain `RawJson`: text written by DuckDB and sent unchanged. */
  value: unknown
  /** What the access log records besides the input. */
  seen?: Seen
}

export interface Download {
  kind: 'download'
  contentType: string
  /** Contains ids only, never text from a log. */
  fileName: string
  pieces: AsyncIterable<Uint8Array | string>
  seen?: Seen
}

/** Server-sent events, each of them JSON, sent as they happen until the caller leaves or signs out. */
export interface Events {
  kind: 'events'
  events: AsyncIterable<unknown>
  /** Frees the place of a caller who has left, or whom no event can be sent. */
  leave(): void
  seen?: Seen
}

/** Rows as DuckDB yields them, which only a caller in the same process can have. The caller closes them. */
export interface OpenRows {
  kind: 'rows'
  rows: Rows
}

/** Types an operation by its own schemas. */
export function operation<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Local extends z.ZodObject = Input,
>(one: Operation<Input, Output, Local>): Operation {
  return one as unknown as Operation
}

/** Writes JSON; raw parts are inserted unparsed, so that thousands of rows cost no parsing. */
export function jsonOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if ('rawJson' in value) return value.rawJson as string
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  const members = Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined ? [] : [`${JSON.stringify(name)}:${jsonOf(inner)}`],
  )
  return `{${members.join(',')}}`
}
