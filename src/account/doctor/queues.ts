import { type Line, none, type Premises } from './contract.ts'
import { type Queue, queueOf, queueSources } from './facts.ts'
import { guarded } from './trouble.ts'

/**
 * A check's lines for each queue that a source reads; when a queue's attributes cannot be read, the reason.
 */
export async function ofEachQueue(
  premises: Premises,
  look: (queue: Queue) => Promise<Line[]>,
): Promise<Line[]> {
  const queues = queueSources(premises)
  if (queues.length === 0) return [none('no source reads a queue')]
  const lines = await Promise.all(
    queues.map((one) =>
      guarded(`sqs:GetQueueAttributes on ${one.url}`, { about: one.url, as: one.identity }, async () =>
        look(await queueOf(premises, one)),
      ),
    ),
  )
  return lines.flat()
}
