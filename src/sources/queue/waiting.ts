import { awsClients } from '../../aws/clients.ts'
import { awsError } from '../../aws/errors.ts'
import type { Identity } from '../../aws/identity.ts'

/** Message counts of a queue by SQS: visible ones, and those in flight or delayed. */
export async function messagesIn(
  queue: string,
  identity: Identity,
  region: string | undefined,
): Promise<{ visible: number; hidden: number }> {
  const clients = awsClients(identity)
  try {
    const sqs = await clients.sqs(region)
    const { Attributes: counts = {} } = await sqs.getQueueAttributes({
      QueueUrl: queue,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    })
    const count = (name: keyof typeof counts) => Number(counts[name] ?? 0)
    return {
      visible: count('ApproximateNumberOfMessages'),
      hidden: count('ApproximateNumberOfMessagesNotVisible') + count('ApproximateNumberOfMessagesDelayed'),
    }
  } catch (thrown) {
    throw awsError('ask how many messages there are', queue, thrown)
  } finally {
    clients.close()
  }
}
