import { isUtf8 } from 'node:buffer'
import { DuckDBListValue } from '@duckdb/node-api'
import { type Command, Option } from 'commander'
import type { Identity } from '../../aws/identity.ts'
import { isZstd, loadZstd } from '../../envelopes/zstd.ts'
import { originalOf } from '../../ingest/open/original.ts'
import { registryOf } from '../../ingest/open/registry.ts'
import { UserError } from '../../lib/errors.ts'
import { isJson } from '../../lib/is-json.ts'
import { visible } from '../../lib/terminal.ts'
import type { LogType } from '../../logtypes/contract.ts'
import { rebuiltText } from '../../logtypes/rebuild.ts'
import { type FoundRow, rowsById } from '../../query/records.ts'
import { type Original, readOriginal } from '../../sources/original.ts'
import { limitsOf } from '../../workspace/limits.ts'
import { typesWith } from '../../workspace/logtypes.ts'
import { type CommonOptions, type Opened, openExisting } from '../../workspace/open.ts'
import { commonOptions, examples, type IdentityOptions, identityOf, identityOptions } from '../options.ts'
import { answerTo, escapedJson } from '../show/answer.ts'
import { note, paint, print } from '../show/output.ts'

interface RecordOptions extends CommonOptions, IdentityOptions {
  raw?: true
  format?: 'json'
}

/** A record as it was delivered, or rebuilt from its row. */
interface Shown {
  table: string
  object: string
  /** Position in the object, from 0. */
  position?: number
  bytes: Uint8Array
  /** Why it is rebuilt from its row. */
  rebuilt?: string
}

export function define(command: Command): void {
  identityOptions(
    commonOptions(
      command.argument('<id>', "the record's id: of an event, a call, a finding; or a request id"),
    ),
  )
    .option('--raw', "the record's bytes to the letter, into a file or a pipe")
    .addOption(new Option('--format <format>', 'how to write it: with its place as JSON').choices(['json']))
    .action(record)
  examples(
    command,
    ['loglake record 6f9a3c1e-0d52-4b8e-9d0f-2f4a8c7e5b11'],
    ['loglake record 6f9a3c1e-0d52-4b8e-9d0f-2f4a8c7e5b11 --raw > event.json', 'as AWS delivered it'],
  )
  command.addHelpText(
    'after',
    `
The object that the record came in is read again where it lies, and the record cut out of it. When it is not there any more,
or has other bytes now, the record is rebuilt from its row, and that is said: for CloudTrail it says all that was
delivered, but for the order of fields and null ones; of other logs it has the fields that are columns of their own.

Objects on S3 are read by the identity of the source that delivered them, as loglake.yaml has it; otherwise by who the
options say.`,
  )
}

async function record(id: string, options: RecordOptions): Promise<void> {
  if (options.raw && process.stdout.isTTY)
    throw new UserError('--raw writes bytes that a terminal may obey: send it into a file or a pipe')
  if (options.raw && options.format) throw new UserError('--raw and --format exclude each other')
  const opened = await openExisting(options)
  const types = typesWith(opened.definitions)
  const limits = limitsOf(opened.config.values.query)
  const rows = await rowsById(opened.lake, types, id.trim(), { limits })
  if (rows.length === 0)
    throw new UserError(
      `no record has the id ${visible(id)}: \`loglake find\` looks for it among all ids, keys and names, \`loglake rejects\` lists what was not stored`,
    )
  const shown: Shown[] = []
  for (const row of rows) shown.push(await shownOf(opened, row, identityOf(options)))
  if (rows[0]?.column === 'requestid' && rows[0].type.id !== 'requestid')
    note(`no record has that id; ${rows.length === 1 ? 'one has' : `${rows.length} have`} it as request id`)
  if (options.format === 'json') return await printJson(shown)
  for (const one of shown) await printOne(one, options.raw === true)
}

async function shownOf(
  opened: Opened,
  { type, row }: FoundRow<LogType>,
  byDefault: Identity,
): Promise<Shown> {
  const object = String(row.lake_object)
  const shown = { table: type.name, object }
  const { sources, query } = opened.config.values
  const { rows } = await answerTo(opened.lake, 'original', { object }, limitsOf(query))
  const [source, versions, hashes] = rows[0] ?? []
  const configured = Object.hasOwn(sources, String(source))
    ? (sources[String(source)] as { identity?: Identity }).identity
    : byDefault
  const original: Original = rows[0]
    ? await readOriginal({ uri: object, versions: texts(versions), hashes: texts(hashes) }, configured ?? {})
    : { kind: 'gone', reason: 'the ledger does not know its object' }
  let reason = original.kind === 'gone' ? original.reason : 'it was not found again in its object'
  if (original.kind === 'bytes') {
    const time = row[type.time]
    if (isZstd(original.bytes, 0)) await loadZstd()
    const found = originalOf(
      original.bytes,
      type,
      { id: String(row[type.id]), time: typeof time === 'bigint' ? time : undefined },
      {
        context: { uri: object, writtenMs: 0 },
        registry: registryOf(typesWith(opened.definitions)),
        maxBytes: opened.config.values.ingest.max_object_bytes,
      },
    )
    if (found) return { ...shown, ...found }
  }
  reason += type.kind === 'flattened' ? '' : '; of this log it has the fields that are columns of their own'
  return { ...shown, bytes: Buffer.from(rebuiltText(row, type)), rebuilt: reason }
}

function texts(value: unknown): string[] {
  return value instanceof DuckDBListValue ? value.items.map(String) : []
}

async function printOne({ table, object, position, bytes, rebuilt }: Shown, raw: boolean): Promise<void> {
  const place = position === undefined ? '' : `, record ${position}`
  note(paint(process.stderr).dim(`${table}, ${visible(object)}${place}`))
  if (rebuilt !== undefined) note(`rebuilt from its row: ${visible(rebuilt)}`)
  if (!raw) return await print(`${harmless(bytes)}\n`)
  process.stdout.write(bytes)
  if (rebuilt !== undefined) await print('\n')
}

/** JSON can escape control characters; in other text they are made visible line by line. */
function harmless(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString(isUtf8(bytes) ? 'utf8' : 'latin1')
  return isJson(text) ? escapedJson(text).trimEnd() : text.split('\n').map(visible).join('\n')
}

async function printJson(shown: readonly Shown[]): Promise<void> {
  const all = shown.map(({ bytes, rebuilt, ...place }) => ({
    ...place,
    rebuilt: rebuilt ?? null,
    ...(isUtf8(bytes)
      ? { record: Buffer.from(bytes).toString() }
      : { base64: Buffer.from(bytes).toString('base64') }),
  }))
  await print(`${escapedJson(JSON.stringify(all, null, 2))}\n`)
}
