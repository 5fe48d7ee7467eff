import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Document } from 'yaml'
import type { z } from 'zod'
import { kindOf as destinationKindOf } from '../deliver/destinations/index.ts'
import { sentence, UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { readSmallFile } from '../lib/small-file.ts'
import { yaml } from '../lib/yaml.ts'
import { kindOf } from '../sources/index.ts'
import { keysOf, valueAt } from './keys.ts'
import { type Config, configSchema } from './schema.ts'
import { fillVariables } from './variables.ts'

/** Searched in the working directory. */
const CONFIG_FILE = 'loglake.yaml'

export type { Config }

/** A configuration with the origin of its values. */
export interface Configured {
  values: Config
  /** The file that was read; undefined when there is none. */
  file?: string
  /** The line of the file that sets a key (`ingest.batch.bytes`); undefined when the default applies. */
  line(key: string): number | undefined
  /** The environment variable that overrides a key of the file. */
  variable(key: string): string | undefined
  /** Whether a key's value is secret, and must not be shown. */
  secret(key: string): boolean
}

export type Environment = Readonly<Record<string, string | undefined>>

/** Environment variables that override the file, by the key that each sets. */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['lake', 'LOGLAKE_LAKE'],
  ['query.format', 'LOGLAKE_FORMAT'],
])
/** The variable that names the file itself. */
const FILE_VARIABLE = 'LOGLAKE_CONFIG'

/**
 * Reads a configuration file: the given one, else the one that the environment names, else the one in the
 * working directory, if it exists. Then applies the environment variables that override it.
 */
export function readConfig(given?: string, env: Environment = process.env): Configured {
  const configured = readFile(given ?? valueIn(env, FILE_VARIABLE), env)
  const { values } = configured
  const lake = valueIn(env, 'LOGLAKE_LAKE')
  if (lake !== undefined) values.lake = lake
  const format = valueIn(env, 'LOGLAKE_FORMAT')
  if (format !== undefined) values.query.format = formatNamed(format)
  return {
    ...configured,
    variable(key) {
      const name = VARIABLES.get(key)
      return name !== undefined && valueIn(env, name) !== undefined ? name : undefined
    },
  }
}

/** The value of a variable; an empty one counts as unset. */
function valueIn(env: Environment, name: string): string | undefined {
  return env[name] === '' ? undefined : env[name]
}

function formatNamed(name: string): Config['query']['format'] {
  const parsed = configSchema.shape.query.unwrap().shape.format.safeParse(name)
  if (parsed.success) return parsed.data
  throw new UserError(`LOGLAKE_FORMAT: ${parsed.error.issues[0]?.message}, not "${name}"`)
}

function readFile(named: string | undefined, env: Environment): Configured {
  const file = named ?? CONFIG_FILE
  if (named === undefined && !existsSync(file)) return parseConfig('', undefined, env)
  let source: string
  try {
    source = readSmallFile(file).toString('utf8')
  } catch (thrown) {
    throw new UserError(`the configuration ${file} cannot be read: ${sentence(thrown)}`, { cause: thrown })
  }
  const configured = parseConfig(source, file, env)
  const { values } = configured
  const fromHere = (path: string) => resolve(dirname(file), path)
  const allFromHere = (settings: Record<string, unknown>, { paths = [] }: { paths?: readonly string[] }) => {
    for (const key of paths) {
      const path = settings[key] as string | string[] | undefined
      if (path !== undefined) settings[key] = Array.isArray(path) ? path.map(fromHere) : fromHere(path)
    }
  }
  for (const source of Object.values(values.sources)) allFromHere(source, kindOf(source))
  for (const destination of Object.values(values.destinations))
    allFromHere(destination, destinationKindOf(destination))
  if (configured.line('lake') !== undefined && !/^\w+:\/\//.test(values.lake))
    values.lake = fromHere(values.lake)
  if (values.storage.cache.folder !== undefined)
    values.storage.cache.folder = fromHere(values.storage.cache.folder)
  if (values.detect.rules !== undefined) values.detect.rules = fromHere(values.detect.rules)
  for (const key of ['views', 'prices', 'logtypes'] as const) {
    const path = values[key]
    if (path !== undefined) values[key] = fromHere(path)
  }
  if (values.digests.public_keys !== undefined)
    values.digests.public_keys = fromHere(values.digests.public_keys)
  if (values.log.key !== undefined) values.log.key = fromHere(values.log.key)
  if (values.log.copy !== undefined && !/^\w+:\/\//.test(values.log.copy))
    values.log.copy = fromHere(values.log.copy)
  if (values.review.people !== undefined) values.review.people = fromHere(values.review.people)
  for (const key of ['access_log', 'evidence_key'] as const) {
    const path = values.serve[key]
    if (path !== undefined) values.serve[key] = fromHere(path)
  }
  return configured
}

/** Parses a configuration from a YAML text. Throws a UserError that names every line at fault. */
export function parseConfig(
  source: string,
  file: string | undefined,
  env: Environment = process.env,
): Configured {
  if (source === '' && file === undefined) return nothingSet()
  const name = file ?? CONFIG_FILE
  const { LineCounter, parseDocument } = yaml()
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
    variable: () => undefined,
    secret: (key) => holdsSecret(secrets, key),
  }
}

function nothingSet(): Configured {
  return {
    values: configSchema.parse({}),
    line: () => undefined,
    variable: () => undefined,
    secret: () => false,
  }
}

/** The text's value; a key without a value counts as unset. */
function plain(document: Document.Parsed, place: (offset: number) => string): unknown {
  try {
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 })), function dropNulls(_, value) {
      return value === null && !Array.isArray(this) ? undefined : value
    })
  } catch (thrown) {
    throw new UserError(`${place(0)}: ${sentence(thrown)}`, { cause: thrown })
  }
}

/** Converts a variable's text where a number or a boolean is expected. False when nothing was converted. */
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
  // An address may contain a password, which is itself a reason to refuse it.
  const value = (JSON.stringify(valueAt(values, path)) ?? 'nothing').replace(/\/\/[^\s/"]*@/g, '//***@')
  const shown = holdsSecret(secrets, path.join('.'))
    ? 'what the secret says'
    : value.length > 60
      ? `${value.slice(0, 59)}…`
      : value
  return [{ offset: faultOffset(document, path), fault: `${key}${issue.message}, not ${shown}` }]
}

/** Whether a key, or one item of its list, is secret. */
function holdsSecret(secrets: ReadonlySet<string>, key: string): boolean {
  return [...secrets].some((one) => one === key || one.startsWith(`${key}.`))
}

/** The position of a fault in the text; for a missing key, that of its section. */
function faultOffset(document: Document, path: readonly string[]): number | undefined {
  return keyOffset(document, path) ?? (path.length > 1 ? faultOffset(document, path.slice(0, -1)) : undefined)
}

/** The position of a key in the text; for an item of a list, that of the list. */
function keyOffset(document: Document, path: readonly string[]): number | undefined {
  let node: unknown = document.contents
  let offset: number | undefined
  for (const key of path) {
    if (!yaml().isMap(node)) return offset
    const pair = node.items.find((item) => String(item.key) === key)
    if (!pair) return undefined
    offset = (pair.key as { range?: [number, number, number] }).range?.[0]
    node = pair.value
  }
  return offset
}
