import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { type Document, isMap, LineCounter, parseDocument } from 'yaml'
import { z } from 'zod'
import { identitySection } from '../aws/identity.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { oneOf, patterns, section, size, text, whole } from '../lib/settings.ts'
import { sourcesSection } from './sources.ts'
import { fillVariables } from './variables.ts'

/** Looked for in the working directory. */
export const CONFIG_FILE = 'loglake.yaml'

/** Every key of `loglake.yaml`: what it means, what it may be, what it is when nobody says. */
export const configSchema = z
  .strictObject(
    {
      lake: text(
        'Where the lake is: a folder, from the folder of this file on, or `s3://bucket/prefix`.',
      ).default('./lake'),
      variables: z
        .record(
          z.string().regex(/^[A-Za-z_]\w*$/, 'a name of letters, digits and _ is wanted'),
          z.union([z.string(), z.number(), z.boolean()], 'a text is wanted').transform(String),
          'names with their values are wanted',
        )
        .describe(
          'Names and what they stand for, written as a dollar and the name in braces anywhere in this file. The environment comes before it.',
        )
        .default({}),
      sources: sourcesSection(),
      run: section(
        {
          port: whole(0, 'The port on this machine for /healthz, /readyz and /metrics; 0 for none.').default(
            9464,
          ),
        },
        'What `loglake run` does besides.',
      ).prefault({}),
      storage: section(
        {
          identity: identitySection(
            'Who we are to the bucket; by default who the AWS CLI would be.',
          ).prefault({}),
          kms_key: text(
            "A KMS key, by its id, alias or ARN, that every file is encrypted with; by default the bucket's own encryption.",
          ).optional(),
          object_lock: section(
            {
              mode: oneOf(
                ['governance', 'compliance'],
                'Who may end it: those with s3:BypassGovernanceRetention, or nobody.',
              ).default('governance'),
              days: whole(1, 'Days that a file cannot be deleted for, from when it is written.'),
            },
            'Object lock on every file that is written. The bucket must have it enabled.',
          ).optional(),
          cache: section(
            {
              folder: text(
                'The folder for copies of files, from the folder of this file on; processes share it. By default `loglake` in the cache folder of the user.',
              ).optional(),
              bytes: size('Most bytes of copies; the files of one question may go beyond it.').prefault(
                '10GiB',
              ),
            },
            'Copies of files on this machine, for reading.',
          ).prefault({}),
        },
        'How a lake on S3 is reached and kept.',
      ).prefault({}),
      views: text(
        "A folder of .sql files, each a view of one's own, from the folder of this file on.",
      ).optional(),
      prices: text('A CSV file with prices of models, beside the list that loglake brings along.').optional(),
      logtypes: text(
        "A folder with log types of one's own, a folder each, from the folder of this file on.",
      ).optional(),
      ingest: section(
        {
          threads: whole(
            1,
            'Threads that read logs; by default as many as the machine has cores.',
          ).optional(),
          memory: size('Most memory of the engine that reads logs.').prefault('640MiB'),
          batch: section(
            {
              bytes: size('A commit is made with so many unzipped bytes of logs.').prefault('192MiB'),
              objects: whole(1, 'Or with so many objects, whichever comes first.').default(2000),
            },
            'How much is committed at once.',
          ).prefault({}),
          max_object_bytes: size(
            'Most bytes that one object may unzip to; a larger one is rejected.',
          ).prefault('1GiB'),
          include: patterns('Only objects whose name matches one of these patterns are read.').default([]),
          exclude: patterns('Objects whose name matches one of these patterns are left out.').default([]),
        },
        'How logs are read.',
      ).prefault({}),
      query: section(
        {
          memory: size('Most memory for a question; by default most of what the machine has.').optional(),
          threads: whole(
            1,
            'Threads for a question; by default as many as the machine has cores.',
          ).optional(),
          format: oneOf(['table', 'json', 'ndjson', 'csv', 'markdown'], 'How answers are written.').default(
            'table',
          ),
        },
        'How questions are answered.',
      ).prefault({}),
      retention: section(
        {
          snapshots_days: whole(0, 'Earlier versions of the lake can be asked for so many days.').default(7),
          grace_hours: whole(
            0,
            'Files that no version names are removed once they are so old: a younger one may belong to a commit under way.',
          ).default(24),
        },
        'What `loglake vacuum` keeps.',
      ).prefault({}),
    },
    'keys and values are wanted',
  )
  .describe('Configuration of loglake. Every key has a default; an unknown key is an error.')

export type Config = z.output<typeof configSchema>

/** A configuration, and where it came from. */
export interface Configured {
  values: Config
  /** The file that was read; undefined when there is none. */
  file?: string
  /** The line of the file that sets a key (`ingest.batch.bytes`); undefined when its default holds. */
  line(key: string): number | undefined
  /** Whether a key holds a secret: then it is not shown. */
  secret(key: string): boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Reads a configuration file; without a name the one in the working directory, where there is one. */
export function readConfig(named?: string): Configured {
  const file = named ?? CONFIG_FILE
  if (named === undefined && !existsSync(file)) return parseConfig('', undefined)
  let source: string
  try {
    source = readFileSync(file, 'utf8')
  } catch (thrown) {
    throw new UserError(`the configuration ${file} cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
  const configured = parseConfig(source, file)
  const { values } = configured
  const fromHere = (path: string) => resolve(dirname(file), path)
  for (const source of Object.values(values.sources))
    if (source.type === 'folder') source.paths = (source.paths as string[]).map(fromHere)
  if (configured.line('lake') !== undefined && !/^\w+:\/\//.test(values.lake))
    values.lake = fromHere(values.lake)
  if (values.storage.cache.folder !== undefined)
    values.storage.cache.folder = fromHere(values.storage.cache.folder)
  for (const key of ['views', 'prices', 'logtypes'] as const) {
    const path = values[key]
    if (path !== undefined) values[key] = fromHere(path)
  }
  return configured
}

/** The configuration in a YAML text. Throws a UserError that names every line at fault. */
export function parseConfig(
  source: string,
  file: string | undefined,
  env: Environment = process.env,
): Configured {
  const name = file ?? CONFIG_FILE
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false })
  const place = (offset: number | undefined) => `${name}:${lines.linePos(offset ?? 0).line}`
  const [broken] = document.errors
  if (broken) throw new UserError(`${place(broken.pos[0])}: ${broken.message}`)
  const blame = (faults: Fault[]) => {
    faults.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0))
    return new UserError(faults.map(({ offset, fault }) => `${place(offset)}: ${fault}`).join('\n'))
  }
  const { faults, secrets, filled } = fillVariables(document, { env, folder: dirname(name) })
  if (faults.length > 0) throw blame(faults)

  const values = plain(document, place) ?? {}
  const check = () => configSchema.safeParse(values)
  let parsed = check()
  if (!parsed.success && readAsWritten(values, filled, parsed.error.issues)) parsed = check()
  if (!parsed.success) {
    throw blame(parsed.error.issues.flatMap((issue) => faultsOf(issue, { document, values, secrets })))
  }
  return {
    values: parsed.data,
    ...(file === undefined ? {} : { file }),
    line(key) {
      const offset = keyOffset(document, key.split('.'))
      return offset === undefined ? undefined : lines.linePos(offset).line
    },
    secret: (key) => holdsSecret(secrets, key),
  }
}

/** The text's value; a key without a value is a key that nobody set. */
function plain(document: Document.Parsed, place: (offset: number) => string): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })), function dropNulls(_, value) {
      return value === null && !Array.isArray(this) ? undefined : value
    })
  } catch (thrown) {
    throw new UserError(`${place(0)}: ${sentence(thrown)}`, { cause: thrown })
  }
}

/** What a variable says is text; where a number or true and false is wanted, it is read as that. False when nothing was. */
function readAsWritten(
  values: unknown,
  filled: readonly string[][],
  issues: readonly z.core.$ZodIssue[],
): boolean {
  let changed = false
  for (const path of filled) {
    if (!issues.some((issue) => issue.path.map(String).join('.') === path.join('.'))) continue
    const inside = valueAt(values, path.slice(0, -1)) as Record<string, unknown>
    const key = path.at(-1) as string
    const text = String(inside[key])
    const read: unknown = /^(true|false|-?\d{1,15}(\.\d+)?)$/.test(text) ? JSON.parse(text) : text
    changed ||= read !== text
    inside[key] = read
  }
  return changed
}

function valueAt(values: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values)
}

interface Fault {
  offset: number | undefined
  fault: string
}

interface Written {
  document: Document
  values: unknown
  secrets: ReadonlySet<string>
}

function faultsOf(issue: z.core.$ZodIssue, { document, values, secrets }: Written): Fault[] {
  const path = issue.path.map(String)
  const key = path.length === 0 ? '' : `${path.join('.')}: `
  if (issue.code === 'unrecognized_keys') {
    const inside = path.length === 0 ? '' : ` in "${path.join('.')}"`
    return issue.keys.map((name) => ({
      offset: keyOffset(document, [...path, name]),
      fault: `there is no key "${name}"${inside}${didYouMean(name, keysOf(path, values))}`,
    }))
  }
  if (issue.code === 'invalid_key')
    return [
      { offset: faultOffset(document, path), fault: `${key}${issue.issues[0]?.message ?? issue.message}` },
    ]
  const value = JSON.stringify(valueAt(values, path)) ?? 'nothing'
  const shown = holdsSecret(secrets, path.join('.'))
    ? 'what the secret says'
    : value.length > 60
      ? `${value.slice(0, 59)}…`
      : value
  return [{ offset: faultOffset(document, path), fault: `${key}${issue.message}, not ${shown}` }]
}

/** Of a list, one item may be a secret. */
function holdsSecret(secrets: ReadonlySet<string>, key: string): boolean {
  return [...secrets].some((one) => one === key || one.startsWith(`${key}.`))
}

/** Where in the text a fault is: that of a key that is missing where its section stands. */
function faultOffset(document: Document, path: readonly string[]): number | undefined {
  return keyOffset(document, path) ?? (path.length > 1 ? faultOffset(document, path.slice(0, -1)) : undefined)
}

/** Where in the text a key stands: an item of a list stands where its list does. */
function keyOffset(document: Document, path: readonly string[]): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const key of path) {
    if (!isMap(node)) return offset
    const pair = node.items.find((item) => String(item.key) === key)
    if (!pair) return undefined
    offset = (pair.key as { range?: [number, number, number] }).range?.[0]
    node = pair.value
  }
  return offset
}

/** The keys that there are in a section; in one with names of the user's own, those that the values have. */
function keysOf(path: readonly string[], values: unknown): string[] {
  let schema: unknown = configSchema
  for (const [at, key] of path.entries()) {
    const inner = unwrapped(schema, valueAt(values, path.slice(0, at)))
    schema = inner instanceof z.ZodRecord ? inner.valueType : (inner as z.ZodObject | undefined)?.shape[key]
  }
  const found = valueAt(values, path)
  const inner = unwrapped(schema, found)
  return Object.keys(
    inner instanceof z.ZodObject ? inner.shape : inner instanceof z.ZodRecord ? (found ?? {}) : {},
  )
}

/** The schema of a section, of several the one of the value's type. */
function unwrapped(schema: unknown, value: unknown): z.ZodObject | z.ZodRecord | undefined {
  if (schema instanceof z.ZodPrefault || schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return unwrapped(schema.unwrap(), value)
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const { type } = (value ?? {}) as { type?: unknown }
    return schema.options.find(
      (option): option is z.ZodObject =>
        option instanceof z.ZodObject && (option.shape.type as z.ZodLiteral).value === type,
    )
  }
  return schema instanceof z.ZodObject || schema instanceof z.ZodRecord ? schema : undefined
}

/** Every key that holds a value, as in `ingest.batch.bytes`; with values also those that have names of the user's own. */
export function configKeys(values: unknown = {}, path: readonly string[] = []): string[] {
  return keysOf(path, values).flatMap((key) => {
    const below = configKeys(values, [...path, key])
    if (below.length > 0 || isNamed([...path, key])) return below
    return [[...path, key].join('.')]
  })
}

/** A section whose names are the user's own may have none. */
function isNamed(path: readonly string[]): boolean {
  return path.length === 1 && ['sources', 'variables'].includes(path[0] as string)
}

/** The JSON Schema of `loglake.yaml`, for editors. */
export function configJsonSchema(): object {
  const schema = z.toJSONSchema(configSchema, { io: 'input', target: 'draft-7' })
  return { $schema: schema.$schema, title: 'loglake.yaml', ...schema }
}
