import type { RejectCode } from '../json/refusal.ts'
import type { Damage } from './contract.ts'

/** How far an object may expand. */
export interface ExpandLimits {
  /** Most bytes of one expanded object. */
  maxBytes: number
}

export type Expanded =
  | {
      ok: true
      bytes: Uint8Array
      wrapper: string
      /** Why the last bytes are missing; the part before them is there. */
      cut?: Damage
      /** Parts of the object that are not in `bytes`. */
      refused?: Refused[]
    }
  | { ok: false; code: RejectCode; reason: string }

/** A part of an object's delivered bytes that could not be expanded. */
export interface Refused {
  /** Among the delivered bytes. */
  offset: number
  bytes: Uint8Array
  code: RejectCode
  reason: string
}

/** What one layer of compression held. */
export type Layer = Omit<Extract<Expanded, { ok: true }>, 'wrapper'> | Extract<Expanded, { ok: false }>
