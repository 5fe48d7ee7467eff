import { createHash } from 'node:crypto'
import { z } from 'zod'
import { FENCE_RULE, fence } from '../../model/fence.ts'
import type { Item } from './contract.ts'

/**
 * The form of an answer to an item. We check lengths ourselves, because not every provider supports limits in
 * a schema.
 */
export const answerSchema = z.object({
  findings: z.array(
    z.object({
      severity: z.enum(['high', 'medium', 'low', 'informational']),
      what: z.string().describe('What happened and why it matters, in one or two sentences.'),
      ids: z.array(z.string()).describe('Handles of the lines that show it, as in e17.'),
    }),
  ),
  nothing_notable: z.boolean(),
})

export const SYSTEM = `You read what somebody did in AWS, as CloudTrail recorded it, and say what a security analyst must know.
Each line is a group of like calls: a handle (e1, e2, …), when, how often (x120), the service, the API, the Region, an error code if the \
calls failed, where they came from, and marks: "new" when this principal never made the call in the days before, "write" when it changes \
something. Rare calls also show what was asked for.
${FENCE_RULE}
Report what points to misuse: credentials used in a new way, permissions given or tried, logs or guards switched off, data read or made \
public, resources destroyed, many refusals, reconnaissance. Leave out what is ordinary work. Name APIs, numbers and times only as the \
lines have them. Every finding names in "ids" the handles of the lines that show it, and no others.
Answer with JSON alone: {"findings":[{"severity":"high"|"medium"|"low"|"informational","what":"…","ids":["e1"]}],"nothing_notable":true|false}. \
At most 10 findings; none and "nothing_notable": true when there is nothing.`

/** Most tokens of an answer. */
export const ANSWER_TOKENS = 1500

/**
 * The text of an item. The fence's mark is different for each item, and the same for each call of an item.
 */
export function userText(
  run: string,
  { id, from, to, events, lines, key, account }: Omit<Item, 'tokens'>,
): string {
  const mark = createHash('sha256').update(`${run} ${id} fence`).digest('hex').slice(0, 18)
  const head = `Account ${/^\d{12}$/.test(account) ? account : 'unknown'}, ${from} to ${to}, ${events} events in ${lines.length} lines.`
  return `${head}\nThe first line of the data is who or what it is about.\n${fence([key, ...lines.map(({ text }) => text)], mark)}`
}
