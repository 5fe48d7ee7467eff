/** A session or a run, as lists show both. */
export interface SubjectRow {
  id: string
  kind: 'session' | 'run' | 'ask'
  who: string | null
  acting_as: string | null
  arn: string | null
  place: string | null
  started: string | null
  ended: string | null
  begun_ms: number | null
  ended_ms: number | null
  minutes: number | null
  outcome: string
  errorcode: string | null
  account: string | null
  region: string | null
  reason: string | null
  output_lines: number | null
  calls: number | null
  changes: number | null
  errors: number | null
  document: string | null
  tools: string | null
  guardrail: number
}
