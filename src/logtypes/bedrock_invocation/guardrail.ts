import type { JsonObject, JsonValue } from '../../json/values.ts'
import type { Row } from '../contract.ts'
import type { Answer } from './bodies/index.ts'
import { objectOf, objectsOf, textOf } from './json.ts'
import { jsonText } from './text.ts'

/**
 * What guardrails did to a call. Converse reports it in `stopReason` and `trace`, InvokeModel in Bedrock's
 * own fields, which it adds to the model's body, or to one or more of its chunks.
 */
export function guardrailOf(
  asked: JsonValue | undefined,
  answered: JsonValue | undefined,
  { stopReason }: Answer,
): Row {
  const chunks = Array.isArray(answered) ? objectsOf(answered) : [objectOf(answered) ?? {}]
  const actions = chunks.flatMap((chunk) => textOf(chunk['amazon-bedrock-guardrailAction']) ?? [])
  const trace = traceOf(chunks)
  const configured = textOf(objectOf(objectOf(asked)?.guardrailConfig)?.guardrailIdentifier)
  if (actions.length === 0 && !trace && configured === undefined && stopReason !== INTERVENED) return {}
  const { ids, policies, verdict } = trace ? assess(trace) : { ids: [], policies: [], verdict: undefined }
  const named = [...new Set([...(configured === undefined ? [] : [configured]), ...ids])]
  const intervened =
    actions.includes('INTERVENED') ||
    stopReason === INTERVENED ||
    verdict === 'BLOCKED' ||
    verdict === 'ANONYMIZED'
  return {
    guardrail_action: intervened ? 'INTERVENED' : answered === undefined ? undefined : 'NONE',
    guardrail_verdict: verdict,
    guardrail_ids: named.length > 0 ? jsonText(named) : undefined,
    guardrail_policies: policies.length > 0 ? jsonText(policies) : undefined,
    guardrail_trace: trace && jsonText(trace),
  }
}

const INTERVENED = 'guardrail_intervened'

function traceOf(chunks: readonly JsonObject[]): JsonObject | undefined {
  for (const chunk of chunks.toReversed()) {
    for (const holder of [chunk['amazon-bedrock-trace'], chunk.trace, objectOf(chunk.metadata)?.trace]) {
      const trace = objectOf(objectOf(holder)?.guardrail)
      if (trace) return trace
    }
  }
  return undefined
}

/** From the weakest to the strongest. */
const VERDICTS = ['NONE', 'DETECTED', 'ANONYMIZED', 'BLOCKED']

/** The guardrails that were applied, their policies that found something, and their strongest action. */
function assess(trace: JsonObject): { ids: string[]; policies: string[]; verdict: string | undefined } {
  const policies = new Set<string>()
  const assessments = assessmentsOf(trace)
  let strongest = 0
  for (const [, assessment] of assessments) {
    for (const [policy, found] of Object.entries(assessment)) {
      for (const item of Object.values(objectOf(found) ?? {}).flatMap(objectsOf)) {
        const verdict = item.action === 'NONE' && item.detected === true ? 'DETECTED' : textOf(item.action)
        const strength = VERDICTS.indexOf(verdict ?? 'NONE')
        if (strength > 0) policies.add(policy)
        strongest = Math.max(strongest, strength)
      }
    }
  }
  return { ids: assessments.map(([id]) => id), policies: [...policies], verdict: VERDICTS[strongest] }
}

/** Assessments by the guardrail's id: an object or a list of them, with Converse's names or InvokeModel's. */
function assessmentsOf(trace: JsonObject): [id: string, assessment: JsonObject][] {
  const named = [trace.inputAssessment, trace.input, trace.outputAssessments, trace.outputs]
  const holders = named.flatMap((holder) => (Array.isArray(holder) ? objectsOf(holder) : alone(holder)))
  return holders.flatMap((holder) =>
    Object.entries(holder).flatMap(([id, found]) => {
      const assessments = Array.isArray(found) ? objectsOf(found) : alone(found)
      return assessments.map((assessment): [string, JsonObject] => [id, assessment])
    }),
  )
}

function alone(value: JsonValue | undefined): JsonObject[] {
  const object = objectOf(value)
  return object ? [object] : []
}
