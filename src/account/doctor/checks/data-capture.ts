import { parseS3Uri } from '../../../aws/s3-uri.ts'
import { type SageMaker, sagemakerOf } from '../../../aws/sagemaker.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { bucketsOf, type Place, placesOf } from '../facts.ts'
import { guarded } from '../trouble.ts'
import { tagOf } from '../words.ts'

/**
 * Most endpoints that are examined, because DescribeEndpoint is one request each; the rest are only counted.
 */
const MAX = 100
const AT_ONCE = 8
const COST = 'S3 for what is captured (PUT $0.005 for 1,000, storage); no charge of SageMaker (2026)'

export const dataCapture: Check = {
  name: 'data-capture',
  group: 'Logs are recorded',
  title: 'Endpoints of SageMaker capture what goes in and out',
  doc: 'Every endpoint: whether Data Capture is on, at 100 %, for input and output, into a bucket that a source reads. A change needs a new endpoint configuration and a rolling update of the endpoint.',
  permissions: ['sagemaker:ListEndpoints', 'sagemaker:DescribeEndpoint', 'sagemaker:DescribeEndpointConfig'],
  mends: 'A new endpoint configuration with DataCaptureConfig, and `aws sagemaker update-endpoint`.',
  aws: true,
  async run(premises) {
    const all = await Promise.all(
      (await placesOf(premises)).map((place) =>
        guarded(
          `sagemaker:ListEndpoints in ${place.region}`,
          { about: `${place.account} ${place.region}`, as: place.identity },
          () => linesOf(premises, place),
        ),
      ),
    )
    return all.flat()
  },
}

async function linesOf(premises: Premises, place: Place): Promise<Line[]> {
  const { identity, region, account } = place
  const sagemaker = await sagemakerOf(premises.aws(identity), region)
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page = await sagemaker.listEndpoints({
      MaxResults: 100,
      ...(NextToken === undefined ? {} : { NextToken }),
    })
    names.push(...(page.Endpoints ?? []).map(({ EndpointName = '' }) => EndpointName))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  if (names.length === 0) return [none('there is no endpoint', `${account} ${region}`)]
  const lines: Line[] = []
  for (let at = 0; at < Math.min(names.length, MAX); at += AT_ONCE) {
    const some = names.slice(at, Math.min(at + AT_ONCE, MAX))
    lines.push(
      ...(await Promise.all(some.map((name) => endpointLines(premises, place, sagemaker, name)))).flat(),
    )
  }
  const bad = lines.filter(({ state }) => state !== 'ok')
  const more = names.length > MAX ? `, ${names.length - MAX} more were not asked` : ''
  return bad.length > 0
    ? bad
    : [
        ok(
          `${lines.length} endpoint${lines.length === 1 ? '' : 's'} captured whole${more}`,
          `${account} ${region}`,
        ),
      ]
}

async function endpointLines(
  premises: Premises,
  place: Place,
  sagemaker: SageMaker,
  name: string,
): Promise<Line[]> {
  const { identity: as, region } = place
  const about = `endpoint ${name}, ${region}`
  return await guarded(`sagemaker:DescribeEndpoint on ${name}`, { about, as }, async () => {
    const endpoint = await sagemaker.describeEndpoint({ EndpointName: name })
    const config = await sagemaker.describeEndpointConfig({
      EndpointConfigName: endpoint.EndpointConfigName ?? '',
    })
    const capture = config.DataCaptureConfig
    const buckets = await bucketsOf(premises)
    const to = parseS3Uri(capture?.DestinationS3Uri ?? '')?.bucket ?? buckets[0]?.bucket ?? 'YOUR-BUCKET'
    const wanted = {
      EnableCapture: true,
      InitialSamplingPercentage: 100,
      DestinationS3Uri: capture?.DestinationS3Uri ?? `s3://${to}/sagemaker-capture/`,
      CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
      ...(capture?.KmsKeyId === undefined ? {} : { KmsKeyId: capture.KmsKeyId }),
      CaptureContentTypeHeader: capture?.CaptureContentTypeHeader ?? {
        JsonContentTypes: ['application/json', 'application/jsonlines'],
      },
    }
    const next = nameOfNext(endpoint.EndpointConfigName ?? name, name, premises.now())
    const { $metadata: _, EndpointConfigArn: __, CreationTime: ___, ...rest } = config
    const fix = {
      does: 'Make a configuration that captures, and move the endpoint to it: instances are replaced one after the other.',
      costs: COST,
      calls: [
        {
          as,
          service: 'sagemaker' as const,
          action: 'CreateEndpointConfig',
          region,
          input: { ...rest, EndpointConfigName: next, DataCaptureConfig: wanted },
        },
        {
          as,
          service: 'sagemaker' as const,
          action: 'UpdateEndpoint',
          region,
          input: { EndpointName: name, EndpointConfigName: next },
        },
      ],
    }
    if (!capture?.EnableCapture) return not('it captures nothing', fix, about)
    const percent = capture.InitialSamplingPercentage ?? 0
    if (percent < 100) return not(`it captures ${percent} % of the requests`, fix, about)
    const modes = new Set((capture.CaptureOptions ?? []).map(({ CaptureMode }) => String(CaptureMode)))
    const both = modes.has('InputAndOutput') || (modes.has('Input') && modes.has('Output'))
    if (!both) return not(`it captures ${[...modes].join(', ') || 'nothing'} alone`, fix, about)
    if (buckets.length > 0 && !buckets.some(({ bucket }) => bucket === to)) return notRead(to, about)
    return ok('captured whole', about)
  })
}

/**
 * The name of a new configuration, at most 63 characters. Two endpoints never get the same: the second would
 * be moved to the configuration of the first.
 */
function nameOfNext(before: string, endpoint: string, now: number): string {
  const stem = before.replace(/-captured(-[0-9a-f]{6})?(-\d+)?$/, '').slice(0, 36)
  return `${stem}-captured-${tagOf(`${endpoint} ${before}`)}-${Math.floor(now / 1000)}`
}

/** A log that goes to a bucket which no source reads. */
export function notRead(bucket: string, about: string): Line {
  return not(
    `it goes to s3://${bucket}, which no source reads`,
    {
      does: 'Add a source for that bucket to loglake.yaml (docs/sources.md), or send it to one that is read.',
      commands: [sh`loglake backfill s3://${bucket}/ --dry-run`],
    },
    about,
  )
}
