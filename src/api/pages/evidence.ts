import { sql as sqlOf } from '../../lib/sql.ts'
import { digestOf, type EvidenceRow, evidenceRows } from '../../review/digest.ts'
import { bundleOf } from '../../review/evidence/bundle.ts'
import type { Context, KnownObject } from '../context.ts'
import type { Answer } from '../contract.ts'
import { showing } from '../mask.ts'
import { notAllowed, notFound, Problem } from '../problem.ts'
import { seesEveryRow } from '../rights.ts'
import { type Asked, findingAsked, questionAsked, runAsked } from './evidence-asked.ts'
import { maskedRow } from './evidence-rows.ts'
import { completeness, reviewNamed } from './reviews.ts'

/** The media type of a bundle. */
export const BUNDLE_TYPE = 'application/zip'

interface Input {
  review?: string | undefined
  finding?: string | undefined
  answer?: string | undefined
  sql?: string | undefined
  unmask: boolean
  objects: boolean
  records: boolean
}

/** Auditors see no rows of logs, but the basis of a decision: ids, objects and digests. */
function readingFor(context: Context): Context {
  if (context.reader.role !== 'auditor') return context
  const objects: Context['objects'] = (text, values) => context.readAll(context.version, text, values)
  return { ...context, objects }
}

export async function evidenceOf(
  { review, finding, answer, sql, unmask, objects, records }: Input,
  context: Context,
): Promise<Answer> {
  if ([review, finding, answer, sql].filter((one) => one !== undefined).length !== 1)
    throw new Problem(400, 'Bad request', 'one of review, finding, answer and sql is wanted')
  // An object also has other people's records, and none of it is masked.
  if ((objects || records) && !(seesEveryRow(context.reader) && context.reader.mayUnmask))
    throw notAllowed(context.reader.role, 'log objects have every row, and no mask; records have none either')
  const raw = { objects, records }
  if (sql !== undefined) return await askedBundle(context, await questionAsked(context, sql), raw)
  if (answer !== undefined) return await askedBundle(context, await runAsked(context, answer), raw)
  if (finding !== undefined) return await askedBundle(context, await findingAsked(context, finding), raw)
  return await reviewBundle(context, review as string, unmask, raw)
}

/** Parts of a bundle in their original bytes: whole log objects, or the records of the rows. */
interface Raw {
  objects: boolean
  records: boolean
}

/** An answer or a finding: no decision belongs to it. */
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
    contentType: BUNDLE_TYPE,
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
  // The version of the decision may have been expired since: then the newest is used, and the digests show
  // whether it is the same.
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
