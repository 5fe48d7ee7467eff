import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { awsClients } from '../../src/aws/clients.ts'
import { type Opened, openLocation } from '../../src/workspace/open.ts'
import { ALL_SAMPLES, loglake } from '../e2e/program.ts'
import { type Moto, startMoto } from '../emulator/moto.ts'

/** The sample logs in a lake in S3, whose tables and views are in a Glue Data Catalog: both of moto. */
export interface InGlue {
  opened: Opened
  config: string
  /** Of a catalog of Trino called `glue`. */
  properties: Record<string, string>
  /** Runs the program on that lake; what it says on stderr where it fails. */
  run(...args: string[]): Promise<string>
  stop(): Promise<void>
}

const BUCKET = 'example-lake'

export async function lakeInGlue(folder: string): Promise<InGlue> {
  const moto: Moto = await startMoto()
  const clients = awsClients(moto.identity)
  const region = String(moto.identity.region)
  await (await clients.s3()).createBucket({
    Bucket: BUCKET,
    CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' },
  })
  clients.close()
  const config = join(folder, 'in-glue.yaml')
  // JSON is YAML.
  writeFileSync(
    config,
    JSON.stringify({
      lake: `s3://${BUCKET}/audit`,
      storage: { identity: moto.identity, cache: { folder: join(folder, 'cache') } },
      mirror: { database: 'loglake', view_catalog: 'glue' },
    }),
  )
  const run = async (...args: string[]) => {
    const { code, out, err } = await loglake([...args, '--config', config], { env: moto.env })
    if (code !== 0) throw new Error(`loglake ${args.join(' ')}\n${err}`)
    return out
  }
  await run('ingest', ALL_SAMPLES)
  await run('follow', '--once')
  await run('mirror')
  const { AWS_ACCESS_KEY_ID: key = '', AWS_SECRET_ACCESS_KEY: secret = '' } = moto.env
  return {
    config,
    run,
    opened: openLocation({ config }),
    properties: {
      'iceberg.catalog.type': 'glue',
      'hive.metastore.glue.region': region,
      'hive.metastore.glue.endpoint-url': moto.endpoint,
      'hive.metastore.glue.aws-access-key': key,
      'hive.metastore.glue.aws-secret-key': secret,
      'fs.native-s3.enabled': 'true',
      's3.endpoint': moto.endpoint,
      's3.region': region,
      's3.path-style-access': 'true',
      's3.aws-access-key': key,
      's3.aws-secret-key': secret,
    },
    stop: moto.stop,
  }
}
