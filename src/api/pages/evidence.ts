import { sql as sqlOf } from '../../lib/sql.ts'
import { digestOf, type EvidenceRow, evidenceRows } from '../../review/digest.ts'
import { bundleOf } from '../../review/evidence/bundle.ts'
import type { Context, KnownObject } from '../context.ts'
import type { Answer } from '../contract.ts'
import { type Show, showing } from '../mask.ts'
import { shownRow } from '../mask-rows.ts'
import { notAllowed, notFound, Problem } from '../problem.ts'
import { seesEveryRow } from '../rights.ts'
import { type Asked, findingAsked, questionAsked } from './evidence-asked.ts'
import { completeness, reviewNamed } from './reviews.ts'

interface Input {
  review?: string | undefined
  finding?: string | undefined
  sql?: string | undefined
  unmask: boolean
  objects: boolean
  records: boolean
}

/** An auditor sees no row of a log, and yet what a decision rests on: ids, objects and digests. */
function readingFor(context: Context): Context {
  if (context.reader.role !== 'auditor') return context
  const objects: Context['objects'] = (text, values) => context.readAll(context.version, text, values)
  return { ...context, objects }
}

export async function evidenceOf(
  { review, finding, sql, unmask, objects, records }: Input,
  context: Context,
): Promise<Answer> {
  if ([review, finding, sql].filter((one) => one !== undefined).length !== 1)
    throw new Problem(400, 'Bad request', 'one of review, finding and sql is wanted')
  // An object has other people's records beside those that were asked for, none of them masked.
  if ((objects || records) && !(seesEveryRow(context.reader) && context.reader.mayUnmask))
    throw notAllowed(context.reader.role, 'log objects have every row, and no mask; records have none either')
  const raw = { objects, records }
  if (sql !== undefined) return await askedBundle(context, await questionAsked(context, sql), raw)
  if (finding !== undefined) return await askedBundle(context, await findingAsked(context, finding), raw)
  return await reviewBundle(context, review as string, unmask, raw)
}

/** What is exported as it was delivered: whole log objects, or the bytes of the rows' records. */
interface Raw {
  objects: boolean
  records: boolean
}

/** An answer or a finding: nobody has decided on it. */
async function askedBundle(context: Context, asked: Asked, raw: Raw): Promise<Answer> {
  const objects = await objectsOf(context, asked.rows)
  const content = {
    ...asked,
    steps: [],
    objects,
    access: await accessOf(context, [asked.review.id]),
    exported: exportedBy(context),
    complete: {},
    proof: await proofOf(context, objects, asked.rows, raw),
  }
  const name = asked.review.id.replaceAll(/[^A-Za-z0-9-]/g, '-')
  return download(`${asked.review.kind}-${name}`, bundleOf(content, context.evidenceKey()), {
    rows: asked.rows.length,
    about: asked.review.id,
    unmasked: raw.objects || raw.records || asked.rowsAre === 'whole',
  })
}

function exportedBy({ now, reader, program }: Context) {
  return { at: now().toISOString(), by: reader.name, role: reader.role, program }
}

function download(name: string, bundle: Buffer, seen: NonNullable<Answer['seen']>): Answer {
  return {
    kind: 'download',
    contentType: 'application/zip',
    fileName: `${name}.loglake-evidence.zip`,
    pieces: (async function* () {
      yield bundle
    })(),
    seen,
  }
}

async function proofOf(
  context: Context,
  objects: readonly Record<string, unknown>[],
  rows: readonly EvidenceRow[],
  raw: Raw,
): Promise<Map<string, Buffer>> {
  const wanted = objects.map(({ name, ingested }) => ({
    object: String(name),
    ingestedMs: Date.parse(String(ingested)),
  }))
  const proof = await context.proofs(context.version, wanted)
  const known = objects as unknown as KnownObject[]
  if (raw.objects) for (const [name, bytes] of await context.originals(known)) proof.set(name, bytes)
  if (raw.records) for (const [name, bytes] of await context.recordBytes(rows, known)) proof.set(name, bytes)
  return proof
}

async function reviewBundle(context: Context, review: string, unmask: boolean, raw: Raw): Promise<Answer> {
  const show = showing(context, unmask)
  const found = await reviewNamed(readingFor(context), review)
  const pinned = found.state.pinned?.version
  // The version of the decision may be given up since: then the newest is taken, and the digests say whether it is the same.
  const version =
    pinned === undefined ? context.version : await context.lake.at(pinned).catch(() => context.version)
  const rows = await evidenceRows(version, context.readAll, found.subject).catch(() =>
    evidenceRows(context.version, context.readAll, found.subject),
  )
  if (rows.length === 0) throw notFound()
  const objects = await objectsOf(context, rows)
  const rowsAre = context.reader.role === 'auditor' ? 'left out' : unmask ? 'whole' : 'masked'
  const bundle = bundleOf(
    {
      review: {
        id: found.id,
        subject: found.subject.id,
        kind: found.subject.kind,
        person: found.subject.who,
        started: found.subject.started,
      },
      steps: found.steps,
      rows: rowsAre === 'masked' ? rows.map((row) => maskedRow(context, row, show)) : rows,
      rowsAre,
      digest: { sha256: digestOf(rows), rows: rows.length, lakeVersion: version.number },
      objects,
      access: await accessOf(context, [found.id, found.subject.id]),
      exported: exportedBy(context),
      complete: completeness(found.subject, rows),
      proof: await proofOf(context, objects, rows, raw),
    },
    context.evidenceKey(),
  )
  const name = found.id.replaceAll(/[^A-Za-z0-9-]/g, '-')
  return download(`review-${name}`, bundle, {
    rows: rows.length,
    about: found.id,
    unmasked: unmask || raw.objects || raw.records,
  })
}

/** What people wrote to models and terminals is masked; all else is as it is. */
function maskedRow({ lake }: Context, row: EvidenceRow, show: Show): EvidenceRow {
  const table = lake.tables.get(row.table)
  if (!table) return row
  return { ...row, json: JSON.stringify(shownRow(table, JSON.parse(row.json), show)) }
}

async function objectsOf(context: Context, rows: readonly EvidenceRow[]): Promise<Record<string, unknown>[]> {
  const names = [...new Set(rows.flatMap(({ object }) => (object === null ? [] : [object])))].sort()
  return await context.readAll(
    context.version,
    sqlOf(new URL('../sql/evidence-objects.sql', import.meta.url)),
    {
      names: JSON.stringify(names),
    },
  )
}

async function accessOf(context: Context, about: readonly string[]): Promise<Record<string, unknown>[]> {
  const waiting = context.accessLog
    .pending()
    .filter((line) => line.about !== null && about.includes(line.about))
    .map(({ input: _, ...line }) => line)
  if (context.version.catalog.tables.access_log === undefined) return waiting
  const stored = await context.readAll<Record<string, unknown>>(
    context.version,
    sqlOf(new URL('../sql/evidence-access.sql', import.meta.url)),
    { about: JSON.stringify(about) },
  )
  const known = new Set(stored.map(({ id }) => id))
  return [...stored, ...waiting.filter(({ id }) => !known.has(id))]
}
