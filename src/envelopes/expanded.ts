import type { RejectCode } from '../json/refusal.ts'
import type { Damage } from './contract.ts'

/** Limits on expanding an object. */
export interface ExpandLimits {
  /** Most bytes of one expanded object. */
  maxBytes: number
}

export type Expanded =
  | {
      ok: true
      bytes: Uint8Array
      wrapper: string
      /** Why the last bytes are missing; all bytes before them are present. */
      cut?: Damage
      /** Parts of the object that are not in `bytes`. */
      refused?: Refused[]
    }
  | { ok: false; code: RejectCode; reason: string }

/** A part of an object's delivered bytes that could not be expanded. */
export interface Refused {
  /** Offset in the delivered bytes. */
  offset: number
  bytes: Uint8Array
  code: RejectCode
  reason: string
}

/** A count of bytes in a reason. */
export function bytesText(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`
}

/** The content of one layer of compression. */
export type Layer = Omit<Extract<Expanded, { ok: true }>, 'wrapper'> | Extract<Expanded, { ok: false }>
