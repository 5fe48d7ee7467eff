import type { EvidenceRow } from '../digest.ts'
import type { Step } from '../state.ts'

/** The content of a bundle. */
export interface BundleContent {
  review: { id: string; subject: string; kind: string; person: string | null; started: string | null }
  steps: readonly Step[]
  /** Rows as the exporter may see them; their digest equals the decision's only when none is masked. */
  rows: readonly EvidenceRow[]
  /** Whether rows are whole, masked, or omitted for an exporter who may read no log. */
  rowsAre: 'whole' | 'masked' | 'left out'
  /** SHA-256 over the lake's own rows, and their version. */
  digest: { sha256: string; rows: number; lakeVersion: number }
  objects: readonly Record<string, unknown>[]
  access: readonly Record<string, unknown>[]
  exported: { at: string; by: string; role: string; program: string }
  complete: Record<string, unknown>
  /** The question, where the rows are its answer. */
  question?: { sql: string; version: number }
  /** CloudTrail's digests and the lake's log: files by name. */
  proof?: ReadonlyMap<string, Buffer>
}
