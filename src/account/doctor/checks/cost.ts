import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, encryptionOf, type LogBucket, newestObjects } from '../facts.ts'
import { PRICES } from '../prices.ts'
import { guarded } from '../trouble.ts'

const MONTH_S = 30 * 86_400
/** Requests per message: it is received, deleted, and its visibility timeout extended now and then. */
const SQS_REQUESTS = 3
/** Polls per month of receivers that wait for 20 seconds, with an empty queue. */
const POLLS = (MONTH_S / 20) * 4
/** Dollars a month for listings above which a queue pays. */
const MAX_LISTING = 5

export const cost: Check = {
  name: 'cost',
  group: 'Cost and denials',
  title: 'Requests cost what they must',
  doc: 'What the requests of the last 30 days cost at list prices, by the numbers of the ledger; buckets that ask KMS for every object, since they have no bucket key; listings that cost more than a queue would.',
  permissions: ['s3:GetEncryptionConfiguration'],
  mends: 'A bucket key (which saves up to 99 % of the calls of KMS); a queue in place of polling.',
  aws: true,
  async run(premises) {
    const buckets = await bucketsOf(premises)
    const lake = premises.setup.lake.s3
    const places = [
      ...buckets.map(({ bucket, identity }) => ({ bucket, identity })),
      ...(lake ? [{ bucket: lake.bucket, identity: lake.identity }] : []),
    ].filter((one, at, all) => all.findIndex(({ bucket }) => bucket === one.bucket) === at)
    if (places.length === 0) return [none('no source and no lake is in a bucket')]
    const keys = await Promise.all(
      places.map(({ bucket, identity }) =>
        guarded(
          `s3:GetEncryptionConfiguration on ${bucket}`,
          { about: `s3://${bucket}`, as: identity },
          async () => {
            const found = await encryptionOf(premises, { bucket, identity })
            return found?.algorithm === 'aws:kms' && !found.bucketKey
              ? [await noBucketKey(premises, bucket, identity, found.key)]
              : []
          },
        ),
      ),
    )
    const polling = buckets.flatMap(pollingLine)
    const all = [...keys.flat(), ...polling]
    return all.some(({ state }) => state === 'not') ? all : [...all, await summary(premises)]
  },
}

async function noBucketKey(
  premises: Premises,
  bucket: string,
  as: LogBucket['identity'],
  key: string | undefined,
): Promise<Line> {
  const objects = (await newestObjects(premises)).reduce(
    (sum, one) => sum + (one.object.startsWith(`s3://${bucket}/`) ? one.objects : 0),
    0,
  )
  return not(
    `it has no bucket key: KMS is asked for every object that is written or read (${objects} in 30 days, about ${dollars(objects * 2 * PRICES.kms)})`,
    {
      does: 'Switch the bucket key on; it applies to objects written from then on.',
      calls: [
        {
          as,
          service: 's3',
          action: 'PutBucketEncryption',
          input: {
            Bucket: bucket,
            ServerSideEncryptionConfiguration: {
              Rules: [
                {
                  ApplyServerSideEncryptionByDefault: {
                    SSEAlgorithm: 'aws:kms',
                    ...(key === undefined ? {} : { KMSMasterKeyID: key }),
                  },
                  BucketKeyEnabled: true,
                },
              ],
            },
          },
        },
      ],
    },
    `s3://${bucket}`,
  )
}

/** A bucket that is listed repeatedly: about one request per folder of a day, in each round. */
function pollingLine({ source, bucket }: LogBucket): Line[] {
  if (source.bucket === undefined || source.watch === false || source.pollSeconds === undefined) return []
  const rounds = MONTH_S / source.pollSeconds
  // Each round lists the folders of today and of 30 days before: at least one request each.
  const dollarsAMonth = rounds * 31 * PRICES.s3List
  if (dollarsAMonth <= MAX_LISTING) return []
  return [
    not(
      `it is listed every ${source.pollSeconds} s: at least ${dollars(dollarsAMonth)} a month`,
      {
        does: `Let the bucket announce new objects to a queue (about ${dollars(POLLS * PRICES.sqs)} a month), or raise poll_seconds to 3600.`,
        commands: ['loglake aws plan'],
      },
      `source ${source.name}, s3://${bucket}`,
    ),
  ]
}

async function summary(premises: Premises): Promise<Line> {
  const all = await newestObjects(premises)
  const objects = all
    .filter(({ object }) => object.startsWith('s3://'))
    .reduce((sum, one) => sum + one.objects, 0)
  const queues = premises.setup.sources.filter(({ queue }) => queue !== undefined).length
  const sqs = Math.max(0, objects * SQS_REQUESTS + queues * POLLS - PRICES.sqsFree) * PRICES.sqs
  return ok(
    `${objects} objects in 30 days: GET ${dollars(objects * PRICES.s3Get)}, SQS ${dollars(queues === 0 ? 0 : sqs)} (list prices, ${PRICES.at})`,
  )
}

function dollars(amount: number): string {
  return amount > 0 && amount < 0.01 ? 'less than $0.01' : `$${amount.toFixed(2)}`
}
