import { createHash } from 'node:crypto'
import { z } from 'zod'
import { FENCE_RULE, fence } from '../../model/fence.ts'
import type { Knot } from './contract.ts'

export const reduceSchema = z.object({
  sentences: z.array(
    z.object({
      severity: z.enum(['high', 'medium', 'low', 'informational']),
      text: z.string().describe('One or two sentences.'),
      cites: z.array(z.string()).describe('Handles of the findings that it puts together, as in f3.'),
    }),
  ),
})

export const REDUCE_SYSTEM = `You put findings of an analysis of AWS CloudTrail together for a security analyst who has two minutes.
Each line is a finding: a handle (f1, f2, …), a severity, a text, who, where.
${FENCE_RULE}
Findings that tell of the same incident become one sentence that cites them all. A finding that stands alone keeps a sentence of its own. \
Do not drop one: what you do not cite is kept as it is. Name APIs, numbers, names and times only as the cited findings have them.
Answer with JSON alone: {"sentences":[{"severity":"high"|"medium"|"low"|"informational","text":"…","cites":["f1","f2"]}]}.`

export const REDUCE_TOKENS = 3000

export function reduceText(run: string, { id, floor, key, entries }: Omit<Knot, 'tokens'>): string {
  const mark = createHash('sha256').update(`${run} ${id} fence`).digest('hex').slice(0, 18)
  const lines = entries.map(
    ({ severity, text, principals, services, regions, events }, at) =>
      `f${at + 1} ${severity} ${text} (${principals.slice(0, 3).join(', ')}; ${services.slice(0, 3).join(', ')}; ${regions.slice(0, 3).join(', ')}; ${events} events)`,
  )
  const about =
    floor === 'whole'
      ? 'Findings of the whole analysis.'
      : `Findings of one ${floor}, which the first line names.`
  return `${about}\n${fence(floor === 'whole' ? lines : [key, ...lines], mark)}`
}
