/** The facts that decide whether a session or a run is worth a look. */
export interface Looked {
  kind: 'session' | 'run' | 'ask'
  outcome: string
  acting_as: string | null
  begunMs: number | null
  changes: number
  errors: number
  output_lines: number
  document: string | null
  findings: number
  /** Findings of high and critical severity. */
  severe: number
  tools: string | null
  guardrail: number
}

/** Usual names of emergency roles. */
const BREAK_GLASS = /break.?glass|emergency|firefight/i
const ADMIN = /admin(istrator)?|root|poweruser/i
/** Hours in UTC in which few people work. */
const NIGHT_FROM = 22
const NIGHT_TO = 5

/**
 * Why a session is worth a look, worst first, with the sum of the weights. The sum only orders a list; a
 * person judges. The weights are our own choice: a refusal weighs less than a finding, and a change more than
 * a read.
 */
export function whyOf(one: Looked): { why: string[]; risk: number } {
  const found: [number, string][] = []
  if (one.severe > 0) found.push([40 * Math.min(one.severe, 3), `${counted(one.severe, 'grave finding')}`])
  const milder = one.findings - one.severe
  if (milder > 0) found.push([10 * Math.min(milder, 3), counted(milder, 'finding')])
  if (one.acting_as && BREAK_GLASS.test(one.acting_as)) found.push([30, `acting as ${one.acting_as}`])
  else if (one.acting_as && ADMIN.test(one.acting_as)) found.push([10, `acting as ${one.acting_as}`])
  if (one.outcome === 'unannounced') found.push([25, 'output without a StartSession'])
  if (one.outcome === 'refused') found.push([8, 'refused'])
  if (one.kind === 'session' && one.errors > 0)
    found.push([5 * Math.min(one.errors, 4), counted(one.errors, 'refused or failed call')])
  if (one.kind === 'run' && one.errors > 0)
    found.push([3 * Math.min(one.errors, 4), counted(one.errors, 'failed model call')])
  if (one.kind === 'ask' && one.errors > 0)
    found.push([3 * Math.min(one.errors, 4), counted(one.errors, 'refused step')])
  if (one.changes > 0) found.push([6 * Math.min(one.changes, 5), counted(one.changes, 'change')])
  if (one.guardrail > 0) found.push([15, `guardrail intervened in ${counted(one.guardrail, 'call')}`])
  const hour = one.begunMs === null ? undefined : new Date(one.begunMs).getUTCHours()
  if (one.kind === 'session' && hour !== undefined && (hour >= NIGHT_FROM || hour < NIGHT_TO))
    found.push([10, `at ${new Date(one.begunMs as number).toISOString().slice(11, 16)} UTC`])
  if (one.kind === 'session' && one.outcome === 'opened' && one.output_lines === 0)
    found.push([5, 'no output logged'])
  found.sort(([a], [b]) => b - a)
  return { why: found.map(([, text]) => text), risk: found.reduce((sum, [weight]) => sum + weight, 0) }
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
