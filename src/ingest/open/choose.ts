import type { Context, Opened } from '../../envelopes/contract.ts'
import { documents } from '../../envelopes/documents.ts'
import type { Expanded } from '../../envelopes/expanded.ts'
import { expandMixed } from '../../envelopes/gzip.ts'
import { bareDocuments, unwrap } from '../../envelopes/index.ts'
import { cutRecords } from '../../envelopes/records.ts'
import type { Records, Rows, Spooler } from '../spool/contract.ts'
import type { Registry } from './registry.ts'
import { directFit, wholeFit } from './whole.ts'

/**
 * Chooses how an object's expanded bytes become rows.
 *
 * Most objects hold records that all fit the columns of their log type, and for these one pass over the bytes
 * is enough: no record is parsed into a JavaScript object. Looking at each record on its own costs several
 * times as much, so it is the last resort. The ways are tried from the fastest on; one that does not fit
 * returns nothing, and the next is tried:
 *
 * 1. **whole, unopened**: the bytes are `{"Records":[…]}`, and every record fits its columns. No envelope
 *    is opened.
 * 2. **direct**: the bytes are records one after the other, and each has its log type's direct form.
 * 3. **whole**: the envelope is opened, and then every record fits its columns.
 * 4. **one by one**: each record is read, checked and rejected on its own.
 *
 * An object without records, or one that is compressed once more behind its first bytes, is reported as such.
 */
export type Way =
  | { kind: 'fits'; envelope: string; records: Records | Rows }
  | { kind: 'one-by-one'; opened: Readable }
  | { kind: 'none'; opened: Unreadable }
  | { kind: 'mixed'; expanded: Extract<Expanded, { ok: true }> }

export type Unwrapped = ReturnType<typeof unwrap>
export type Readable = Extract<Unwrapped, { kind: 'records' | 'texts' }>
export type Unreadable = Extract<Unwrapped, { kind: 'skipped' | 'rejected' }>

/** The facts about an object that the choice depends on. */
export interface ToChoose {
  context: Context
  registry: Registry
  /** Takes records that fit their columns. */
  spool: Spooler
  /**
   * Whether each record must be read on its own: its location is wanted, or a part of the object is missing.
   */
  careful: boolean
  /** Whether the bytes are the delivered ones, rather than expanded ones. */
  isPlain: boolean
  /** Most bytes that the object may expand to. */
  maxBytes: number
}

export function choose(bytes: Uint8Array, how: ToChoose): Way {
  const { context, registry, spool, careful } = how
  const target = { registry, spool }
  const unopened = careful ? undefined : wholeFit(cutRecords(bytes), context, target)
  if (unopened) return { kind: 'fits', envelope: 'records', records: unopened }
  const direct = careful ? undefined : directFit(bareDocuments(bytes, context), context, target)
  if (direct) return { kind: 'fits', envelope: documents.name, records: direct }

  const opened = unwrap(bytes, context)
  const mixed = how.isPlain && !isSound(opened) ? expandMixed(bytes, how) : undefined
  if (mixed?.ok) return { kind: 'mixed', expanded: mixed }
  if (opened.kind === 'rejected' || opened.kind === 'skipped') return { kind: 'none', opened }
  const whole =
    careful || opened.kind === 'texts' || !isSound(opened)
      ? undefined
      : wholeFit(opened.records, context, target)
  if (whole) return { kind: 'fits', envelope: opened.envelope, records: whole }
  return { kind: 'one-by-one', opened }
}

/** Whether an object consists of whole documents, judged by their brackets. */
export function isSound(opened: Opened): boolean {
  if (opened.kind === 'rejected') return false
  return opened.kind !== 'records' || !opened.source || opened.source.stop >= opened.source.bytes.length
}
