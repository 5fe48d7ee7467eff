import type { AwsClients } from '../aws/clients.ts'
import { s3Uri } from '../aws/s3-uri.ts'
import type { Failure, ObjectSource } from './contract.ts'
import { type Announced, readNotice } from './notices/index.ts'
import { existing, s3Object } from './s3-object.ts'

/** A dead letter to replay. */
export interface KeptDeadLetter {
  id: string
  message: string
  /** The one object that it is about; undefined when it is about all objects of the message. */
  object: string | undefined
}

/** The outcome of dead letters: each is in one of the two. */
export interface Replayed {
  /** All announced objects are in the lake, or hold nothing to store. */
  done: string[]
  /** The reason of the failure, by id. */
  failed: Map<string, string>
}

/**
 * The objects that dead letters announce; a newer version of loglake may recognize more messages as notices.
 */
export function replay(
  name: string,
  deadLetters: readonly KeptDeadLetter[],
  clients: AwsClients,
): ObjectSource & { replayed(): Replayed } {
  const open = new Map<string, number>()
  const failed = new Map<string, string>()
  return {
    name,
    async *objects() {
      for (const { id, message, object } of deadLetters) {
        const notice = readNotice(message)
        const wanted = notice.objects.filter((one) => object === undefined || namesOf(one).includes(object))
        if (object === undefined && notice.unknown.length > 0) failed.set(id, notice.unknown.join('; '))
        if (wanted.length === 0) failed.set(id, failed.get(id) ?? 'it announces no object')
        open.set(id, wanted.length)
        for (const one of wanted) {
          yield s3Object(clients, await existing(clients, one), {
            acknowledge: async () => void open.set(id, (open.get(id) ?? 0) - 1),
            release: async ({ reason }: Failure) => void failed.set(id, reason),
          })
        }
      }
    },
    replayed() {
      const done = [...open].flatMap(([id, count]) => (count === 0 && !failed.has(id) ? [id] : []))
      return { done, failed }
    },
  }
}

function namesOf({ bucket, key, otherKey }: Announced): string[] {
  return [key, otherKey ?? key].map((name) => s3Uri(bucket, name))
}
