import type { S3 } from '../aws/clients.ts'
import { awsError, saidBy, troubleOf } from '../aws/errors.ts'
import { LakeError, UserError } from '../lib/errors.ts'
import type { Place, StepContext } from './contract.ts'
import { findStack, remove } from './deploy.ts'
import { forget, memories } from './memory.ts'
import { newLakeBucket, newLogBucket } from './names.ts'
import { contextOf } from './plan.ts'
import { nothingWanted } from './status.ts'
import { steps } from './steps/index.ts'

export interface Destroyed {
  /** What was undone and removed, as sentences. */
  done: readonly string[]
  /** What stays, and how to remove it. */
  stays: readonly string[]
}

/**
 * Undoes `apply`: the steps in reverse order, then the stack. Buckets and their content stay, unless their
 * names are given.
 *
 * @param buckets those to be emptied and removed
 */
export async function destroy(
  place: Place,
  name: string,
  buckets: readonly string[],
  told: (line: string) => void,
): Promise<Destroyed> {
  const stack = await findStack(place, name)
  const context = contextOf(place, nothingWanted(name), stack)
  const outputs = context.outputs
  const left = [newLogBucket(name, place), newLakeBucket(name, place)]
  const ours = [outputs.LogBucket, outputs.LakeBucket].filter((bucket) => bucket !== undefined)
  const made = ours.filter((bucket) => left.includes(bucket))
  for (const bucket of buckets)
    if (!made.includes(bucket) && !(stack === undefined && left.includes(bucket)))
      throw new UserError(
        `the stack ${name} did not create s3://${bucket} (it created ${made.join(', ') || 'no bucket'}): the bucket is not removed`,
      )
  // All refusals come before the first change.
  for (const bucket of buckets) await refuseLocked(await place.clients.s3For(bucket), bucket)
  const done: string[] = []
  const say = (line: string) => {
    done.push(line)
    told(line)
  }
  await takeBack(context, say)
  if (stack) {
    await remove(place, name, told)
    say(`the stack ${name} is deleted`)
  } else if (done.length === 0 && buckets.length === 0)
    throw new UserError(`there is no stack ${name} in ${place.region}`)
  const stillTells: string[] = []
  for (const bucket of made)
    if (!buckets.includes(bucket))
      await silence(place, bucket, outputs.QueueArn).catch((thrown) => {
        if (troubleOf(thrown) === 'no bucket') return
        stillTells.push(
          `the notification of s3://${bucket} to the queue, which is gone: take it out by hand (${saidBy(thrown)})`,
        )
      })
  for (const bucket of buckets) {
    const objects = await empty(await place.clients.s3For(bucket), bucket)
    say(`s3://${bucket} is removed, with ${objects} versions of objects`)
  }
  const stays = made
    .filter((bucket) => !buckets.includes(bucket))
    .map(
      (bucket) =>
        `s3://${bucket}, with all that is in it: loglake aws destroy --stack ${name} --delete ${bucket}`,
    )
  stays.push(...stillTells)
  if (outputs.Key !== undefined)
    stays.push(
      `the key ${outputs.Key}: data that it encrypted stays readable until it is deleted (aws kms schedule-key-deletion --key-id ${outputs.Key})`,
    )
  return { done, stays }
}

async function takeBack(context: StepContext, say: (line: string) => void): Promise<void> {
  const remembered = await memories(context)
  for (const step of [...steps].reverse())
    for (const { place, memory } of remembered.filter((one) => one.step === step.name)) {
      try {
        say(await step.undo(context, place, memory))
      } catch (thrown) {
        throw new LakeError(`${step.title}: ${awsError('take back', place, thrown).message.split('\n')[0]}`, {
          file: place,
          remedy:
            'nothing was deleted; correct that, and run the same command again: it continues from there',
        })
      }
      await forget(context, step.name, place)
    }
}

/**
 * Removes a remaining bucket's notification to the deleted queue: with it, S3 would refuse every change of
 * its notifications.
 */
async function silence({ clients }: Place, Bucket: string, queueArn: string | undefined): Promise<void> {
  if (queueArn === undefined) return
  const s3 = await clients.s3For(Bucket)
  const { $metadata: _, ...now } = await s3.getBucketNotificationConfiguration({ Bucket })
  const { QueueConfigurations = [], ...rest } = now
  const others = QueueConfigurations.filter(({ QueueArn }) => QueueArn !== queueArn)
  if (others.length === QueueConfigurations.length) return
  await s3.putBucketNotificationConfiguration({
    Bucket,
    NotificationConfiguration: { ...rest, QueueConfigurations: others },
    SkipDestinationValidation: true,
  })
}

/**
 * Refuses a bucket with an object lock before anything is deleted, because a locked object could not be
 * deleted yet.
 */
async function refuseLocked(s3: S3, Bucket: string): Promise<void> {
  const lock = await s3.getObjectLockConfiguration({ Bucket }).catch((thrown) => {
    if (/ObjectLockConfigurationNotFound/.test(String(thrown?.name))) return undefined
    if (['no bucket', 'missing'].includes(troubleOf(thrown))) return undefined
    throw awsError('look up object lock', `s3://${Bucket}`, thrown)
  })
  if (lock?.ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') return
  for await (const { Key, VersionId } of versionsOf(s3, Bucket)) {
    const held = await s3.headObject({ Bucket, Key, VersionId }).catch(() => undefined)
    const until = held?.ObjectLockRetainUntilDate
    const legal = held?.ObjectLockLegalHoldStatus === 'ON'
    if (!legal && !(until && until.getTime() > Date.now())) continue
    throw new UserError(
      `s3://${Bucket} is under object lock: ${Key} is held ${legal ? 'by a legal hold' : `until ${until?.toISOString()}`}\n  way out: leave the bucket (no --delete), or wait until its locks have ended; nothing was changed`,
    )
  }
}

async function* versionsOf(s3: S3, Bucket: string): AsyncGenerator<{ Key: string; VersionId: string }> {
  let KeyMarker: string | undefined
  let VersionIdMarker: string | undefined
  do {
    const page = await s3.listObjectVersions({
      Bucket,
      ...(KeyMarker === undefined ? {} : { KeyMarker }),
      ...(VersionIdMarker === undefined ? {} : { VersionIdMarker }),
    })
    for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])])
      if (Key !== undefined) yield { Key, VersionId: VersionId ?? 'null' }
    KeyMarker = page.NextKeyMarker
    VersionIdMarker = page.NextVersionIdMarker
  } while (KeyMarker !== undefined)
}

/** Removes all versions of all objects, then the bucket. */
async function empty(s3: S3, Bucket: string): Promise<number> {
  let removed = 0
  let batch: { Key: string; VersionId: string }[] = []
  async function flush(): Promise<void> {
    if (batch.length === 0) return
    const { Errors = [] } = await s3.deleteObjects({ Bucket, Delete: { Objects: batch, Quiet: true } })
    const [failed] = Errors
    if (failed)
      throw new LakeError(`cannot remove ${failed.Key}: ${failed.Message ?? failed.Code}`, {
        file: `s3://${Bucket}`,
        remedy: 'run again; what was removed stays removed',
      })
    removed += batch.length
    batch = []
  }
  try {
    for await (const version of versionsOf(s3, Bucket)) {
      batch.push(version)
      if (batch.length === 1000) await flush()
    }
    await flush()
    await s3.deleteBucket({ Bucket })
  } catch (thrown) {
    throw awsError('remove the bucket', `s3://${Bucket}`, thrown)
  }
  return removed
}
