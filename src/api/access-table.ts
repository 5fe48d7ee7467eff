import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { append } from '../lake/append.ts'
import type { Lake } from '../lake/lake.ts'
import { DAY, type TableColumn, type TableDefinition } from '../lake/table.ts'
import { DAY_MS } from '../lib/day.ts'
import { systemCode } from '../lib/errors.ts'
import type { AccessLine, AccessLog } from './access-log.ts'

const string = (name: string, doc: string): TableColumn => ({ name, type: 'string', doc })

/** The access log. Rows are only ever added. */
export const accessTable: TableDefinition = {
  name: 'access_log',
  doc: 'One row per call of an operation: who was shown what, from where, over which version of the lake.',
  derived: true,
  time: 'time',
  sort: ['time', 'id'],
  columns: [
    string('id', 'Names the request: errors that a reader was shown have it, too.'),
    { name: 'time', type: 'timestamptz', doc: 'When it was asked.', bounds: true },
    { ...string('subject', 'Who asked, as the identity provider names them for good.'), holds: 'person' },
    { ...string('name', 'Who asked, as people know them.'), holds: 'person' },
    string('role', 'As what they asked: `operator`, `analyst`, `manager`, `auditor` or `asked`.'),
    string('signed_in', 'How they proved who they are; `none` on a machine where no sign-in is set up.'),
    { ...string('address', 'The address that the request came from.'), holds: 'address' },
    string('operation', 'What was asked for.'),
    string('about', 'The session, conversation, finding or review that it was about.'),
    { name: 'input', type: 'json', doc: 'What was given, as JSON.', holds: 'outside' },
    string('outcome', '`shown`, `refused` or `failed`.'),
    { name: 'rows', type: 'long', doc: 'How many rows were shown, where it is known before they are sent.' },
    { name: 'unmasked', type: 'boolean', doc: 'Whether text was shown without masks.' },
    { name: 'lake_version', type: 'long', doc: 'The version of the lake that answered.' },
    { name: DAY, type: 'date', doc: 'The partition: UTC date of the row.', bounds: true },
    { name: 'lake_ingested_at', type: 'timestamptz', doc: 'When loglake made it.' },
  ],
}

/** A file whose lines are in the table, until it is removed. */
const cursorOf = (file: string) => `access/${basename(file, '.ndjson')}`

/**
 * Commits the lines written so far, together with a mark that names their file. A killed process leaves its
 * file behind; the next one to start commits it, unless the mark says that it is committed already.
 */
export async function commitAccess(lake: Lake, log: AccessLog): Promise<number> {
  const turned = await log.turn()
  if (!turned) return 0
  await bringIn(lake, turned.file, turned.lines)
  log.committed(turned.file)
  return turned.lines.length
}

async function bringIn(lake: Lake, file: string, lines: readonly AccessLine[]): Promise<void> {
  const cursor = cursorOf(file)
  await append(lake, 'access log', async (base) => {
    if (base.catalog.cursors[cursor] !== undefined) return undefined
    return {
      rows: [{ table: accessTable, rows: lines.map((line) => ({ ...line })) }],
      cursors: { [cursor]: String(lines.length), ...(await done(base.catalog.cursors, file)) },
    }
  })
  await rm(file, { force: true })
}

/** Marks of files in this folder that no longer exist can go. */
async function done(cursors: Readonly<Record<string, string>>, file: string): Promise<Record<string, null>> {
  const folder = join(file, '..')
  const there = new Set((await readdir(folder)).map((name) => cursorOf(name)))
  const own = Object.keys(cursors).filter((name) => name.startsWith('access/') && !there.has(name))
  const before = own.filter((name) => name < cursorOf(file) && olderThanDay(name))
  return Object.fromEntries(before.map((name) => [name, null]))
}

/** A process on another machine may use a file of that name: its mark is kept for a day. */
function olderThanDay(cursor: string): boolean {
  const [, date, hour, minute] = /^access\/(\d{4}-\d\d-\d\d)T(\d\d)(\d\d)/.exec(cursor) ?? []
  return date !== undefined && Date.now() - Date.parse(`${date}T${hour}:${minute}:00Z`) > DAY_MS
}

/**
 * Commits the files that killed processes left behind. A cut last line is dropped: its data was never sent.
 *
 * @param mine the file that this process writes
 */
export async function recoverAccess(lake: Lake, folder: string, mine: AccessLog): Promise<number> {
  let found = 0
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name)
    if (!name.endsWith('.ndjson') || mine.owns(file) || !(await isAbandoned(file))) continue
    const lines = linesOf(await readFile(file, 'utf8'))
    if (lines.length === 0) await rm(file, { force: true })
    else await bringIn(lake, file, lines)
    found += lines.length
  }
  return found
}

/**
 * Whether the process named in the file is gone, or the file is older than a process that reuses its number.
 */
async function isAbandoned(file: string): Promise<boolean> {
  const pid = Number(/-p(\d+)-/.exec(basename(file))?.[1] ?? 0)
  // Our own file is another one: the writer of this one had our process id before us, as happens in a
  // container.
  if (pid === process.pid) return true
  try {
    process.kill(pid, 0)
  } catch (thrown) {
    return systemCode(thrown) === 'ESRCH'
  }
  return Date.now() - (await stat(file)).mtimeMs > DAY_MS
}

function linesOf(text: string): AccessLine[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as AccessLine]
    } catch {
      return []
    }
  })
}

/** Commits at intervals, and reports a failure; lines stay in their file meanwhile. */
export function keepCommitting(
  lake: Lake,
  log: AccessLog,
  everyMs: number,
  onFailure: (thrown: unknown) => void,
): { stop(): Promise<void> } {
  let working: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    working = working.then(() => commitAccess(lake, log)).catch(onFailure)
  }, everyMs)
  return {
    async stop() {
      clearInterval(timer)
      await working
      await commitAccess(lake, log).catch(onFailure)
    },
  }
}
