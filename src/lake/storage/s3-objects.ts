import { awsClients, type S3 } from '../../aws/clients.ts'
import { awsError, troubleOf } from '../../aws/errors.ts'
import type { Identity } from '../../aws/identity.ts'
import { LakeError } from '../../lib/errors.ts'
import { parseS3 } from './s3-location.ts'

/** A lake's objects in a bucket, by the lake's own keys. The client is created on first use. */
export interface S3Objects {
  /** `s3://bucket/prefix`, without a slash at its end. */
  root: string
  bucket: string
  /** Prepended to every key. */
  prefix: string
  keyOf(key: string): string
  /** As errors name it. */
  nameOf(key: string): string
  /** Does some work on a key; what fails, fails with a name of the key and what can be done. */
  attempt<T>(action: string, key: string, work: (s3: S3) => Promise<T>): Promise<T>
}

/**
 * What an error is about when a file to read is not there: by it, one that may be missing is told from
 * damage.
 */
export const MISSING = 'a file of the lake is missing'

export function s3Objects(place: string, identity: Identity): S3Objects {
  const { bucket, prefix } = parseS3(place)
  const clients = awsClients(identity)
  const root = `s3://${bucket}/${prefix}`.replace(/\/$/, '')
  const nameOf = (key: string) => `${root}/${key}`
  return {
    ...{ root, bucket, prefix, nameOf },
    keyOf: (key) => `${prefix}${key}`,
    async attempt(action, key, work) {
      try {
        return await work(await clients.s3For(bucket))
      } catch (thrown) {
        if (action === 'read' && troubleOf(thrown) === 'missing') {
          throw new LakeError(MISSING, {
            file: nameOf(key),
            remedy:
              'restore an earlier version of that object, or from a backup; `loglake verify` lists every file that is missing or damaged',
          })
        }
        throw awsError(action, nameOf(key), thrown)
      }
    },
  }
}
