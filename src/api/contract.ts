import type { z } from 'zod'
import type { Reader } from '../query/reader.ts'
import type { Context } from './context.ts'
import type { Seen } from './seen.ts'

/**
 * Something that can be asked of loglake, or done in it, by whatever way: the browser, HTTP, the command line, an agent. An
 * operation is one file in `operations/` and one line in `index.ts`; all of them go through `call.ts`, which checks rights,
 * and writes the access log before anything is shown.
 */
export interface Operation<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodType = z.ZodType> {
  /** As in `activity-chart`: its path below `/api/`. */
  name: string
  /** One sentence for those who call it. */
  doc: string
  /** A `read` is a GET and changes nothing but the access log; a `write` is a POST. */
  kind: 'read' | 'write'
  /** Of a `write`: it is a POST only because its input is long, and changes nothing but the access log. */
  onlyAsks?: true
  /** Where it waits for its turn: a `page` is small and quick, a `question` may take the time of a scan. */
  queue: 'page' | 'question'
  input: Input
  /** The shape of the JSON that `run` answers; of a download, what a line of it is. */
  output: Output
  /** Tables whose versions the answer depends on, so that it may be kept as long as these do not change; undefined keeps nothing. */
  reads?: readonly string[] | 'all'
  /** Whether the answer is this person's own, as in what waits for them; else those who see the same rows share it. */
  personal?: true
  /** A `download` has no JSON, `lines` is one whose every line is JSON, as it comes; `json` by default. */
  answers?: 'json' | 'download' | 'lines'
  /** What a token must be for, to call it. */
  scope: 'read' | 'query' | 'status' | 'review' | 'admin'
  may(reader: Reader): boolean
  run(input: z.output<Input>, context: Context): Promise<Answer>
}

/** Whether it leaves everything as it was but for the access log. */
export function changesNothing({ kind, onlyAsks }: Operation): boolean {
  return kind === 'read' || onlyAsks === true
}

/** JSON, or a download that is sent as it comes. */
export type Answer = JsonAnswer | Download

export interface JsonAnswer {
  kind: 'json'
  /** May hold `RawJson` anywhere: text that DuckDB made, which goes out as it is. */
  value: unknown
  /** What the access log tells of it besides the input. */
  seen?: Seen
}

export interface Download {
  kind: 'download'
  contentType: string
  /** Of ids only, never of text from a log. */
  fileName: string
  pieces: AsyncIterable<Uint8Array | string>
  seen?: Seen
}

/** Makes an operation with the types of its own shapes. */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>(
  one: Operation<Input, Output>,
): Operation {
  return one as unknown as Operation
}

/** As JSON; raw parts go in unread, so that thousands of rows cost no parsing. */
export function jsonOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  if ('rawJson' in value) return value.rawJson as string
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`
  const members = Object.entries(value).flatMap(([name, inner]) =>
    inner === undefined ? [] : [`${JSON.stringify(name)}:${jsonOf(inner)}`],
  )
  return `{${members.join(',')}}`
}
