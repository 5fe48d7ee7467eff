import type { EvidenceRow } from '../digest.ts'
import type { Step } from '../state.ts'

/** What a bundle is made of. */
export interface BundleContent {
  review: { id: string; subject: string; kind: string; person: string | null; started: string | null }
  steps: readonly Step[]
  /** Rows as the exporter may see them; those that the decision was made on have the same digest only when none is masked. */
  rows: readonly EvidenceRow[]
  /** Whether rows are whole, masked, or left out for an exporter who sees no log. */
  rowsAre: 'whole' | 'masked' | 'left out'
  /** SHA-256 over the rows as the lake has them, and the version that they are of. */
  digest: { sha256: string; rows: number; lakeVersion: number }
  objects: readonly Record<string, unknown>[]
  access: readonly Record<string, unknown>[]
  exported: { at: string; by: string; role: string; program: string }
  complete: Record<string, unknown>
  /** What was asked, where the rows are an answer. */
  question?: { sql: string; version: number }
  /** CloudTrail's digests and the log of the lake: files by their names. */
  proof?: ReadonlyMap<string, Buffer>
}
