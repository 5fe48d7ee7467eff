import type { Context, Opened } from '../../envelopes/contract.ts'
import { documents } from '../../envelopes/documents.ts'
import type { Expanded } from '../../envelopes/expanded.ts'
import { expandMixed } from '../../envelopes/gzip.ts'
import { bareDocuments, unwrap } from '../../envelopes/index.ts'
import { cutRecords } from '../../envelopes/records.ts'
import type { Records, Rows, Spooler } from '../spool/contract.ts'
import type { Registry } from './registry.ts'
import { plainFit, wholeFit } from './whole.ts'

/**
 * How an object's expanded bytes become rows. The ways are tried from the fastest on, and each takes what the one before it
 * leaves:
 *
 * 1. **whole, unopened**: the bytes are `{"Records":[…]}`, and every record fits its columns in one pass. No envelope is opened.
 * 2. **direct**: the bytes are records one after the other, and every one has its log type's fast form.
 * 3. **whole**: the envelope is taken off, and then every record fits in one pass.
 * 4. **one by one**: each record is looked at on its own.
 *
 * What holds nothing to read, or turns out to be compressed behind its first bytes, says so instead.
 */
export type Way =
  | { kind: 'fits'; envelope: string; records: Records | Rows }
  | { kind: 'one-by-one'; opened: Readable }
  | { kind: 'none'; opened: Unreadable }
  | { kind: 'mixed'; expanded: Extract<Expanded, { ok: true }> }

export type Unwrapped = ReturnType<typeof unwrap>
export type Readable = Extract<Unwrapped, { kind: 'records' | 'texts' }>
export type Unreadable = Extract<Unwrapped, { kind: 'skipped' | 'rejected' }>

/** What of an object the choice goes by. */
export interface ToChoose {
  context: Context
  known: Registry
  /** Takes records that fit their columns. */
  spool: Spooler
  /** Whether each record is to be looked at on its own, for its place or since a part is missing. */
  careful: boolean
  /** Whether the bytes are the delivered ones themselves, not expanded ones. */
  isPlain: boolean
  /** Most bytes that the object may expand to. */
  maxBytes: number
}

export function choose(bytes: Uint8Array, how: ToChoose): Way {
  const { context, known, spool, careful } = how
  const target = { known, spool }
  const unopened = careful ? undefined : wholeFit(cutRecords(bytes), context, target)
  if (unopened) return { kind: 'fits', envelope: 'records', records: unopened }
  const direct = careful ? undefined : plainFit(bareDocuments(bytes, context), context, target)
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

/** Whether an object's bytes are documents from the first to the last, as far as their brackets tell. */
export function isSound(opened: Opened): boolean {
  if (opened.kind === 'rejected') return false
  return opened.kind !== 'records' || !opened.source || opened.source.stop >= opened.source.bytes.length
}
