import { sagemakerOf } from '../../aws/sagemaker.ts'
import { UserError } from '../../lib/errors.ts'
import type { Finding, Step, StepContext } from '../contract.ts'
import { logBucketName } from '../names.ts'

/**
 * Data Capture of endpoints that run. A configuration of an endpoint cannot be changed: a copy with Data Capture is made, and the endpoint
 * updated to it; SageMaker starts new instances first and moves the requests over.
 */
export const dataCapture: Step = {
  name: 'data-capture',
  title: 'Data Capture of running endpoints',
  undoes: 'updates the endpoint to the configuration that it had, and removes ours',
  actions: [
    'iam:PassRole',
    'sagemaker:CreateEndpointConfig',
    'sagemaker:DeleteEndpointConfig',
    'sagemaker:DescribeEndpoint',
    'sagemaker:DescribeEndpointConfig',
    'sagemaker:ListEndpoints',
    'sagemaker:UpdateEndpoint',
  ],

  async look(context) {
    if (context.wanted.capture.length === 0) return []
    const names = await wantedEndpoints(context).catch(() => undefined)
    if (names === undefined)
      return [
        {
          step: 'data-capture',
          place: context.region,
          what: 'endpoints capture what they are asked and answer',
          state: 'unknown',
          why: 'sagemaker:ListEndpoints is denied, or SageMaker cannot be reached',
        },
      ]
    return await Promise.all(names.map((name) => lookAt(context, name)))
  },

  async remember(context, endpoint) {
    const { config } = await read(context, endpoint)
    return { before: config.EndpointConfigName ?? '', ours: nameOfOurs(config.EndpointConfigName ?? '') }
  },

  async make(context, endpoint) {
    const sagemaker = await sagemakerOf(context.clients)
    const { config } = await read(context, endpoint)
    const copy = withCapture(config, context, endpoint)
    await sagemaker.createEndpointConfig(copy as never).catch((thrown) => {
      // A run that was stopped in between has made it.
      if (!/already exist/i.test(String(thrown?.message))) throw thrown
    })
    await sagemaker.updateEndpoint({
      EndpointName: endpoint,
      EndpointConfigName: copy.EndpointConfigName,
      RetainAllVariantProperties: true,
      // Otherwise it would keep the capture that it had: none.
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
    })
  },

  async undo(context, endpoint, memory) {
    const sagemaker = await sagemakerOf(context.clients)
    const { before, ours } = memory as { before: string; ours: string }
    const found = await read(context, endpoint).catch(() => undefined)
    if (!found) return `the endpoint ${endpoint} is gone`
    if (found.config.EndpointConfigName !== ours)
      return `the endpoint ${endpoint} has another configuration by now: left as it is`
    await sagemaker.updateEndpoint({
      EndpointName: endpoint,
      EndpointConfigName: before,
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
    })
    await sagemaker.deleteEndpointConfig({ EndpointConfigName: ours }).catch(() => undefined)
    return `the endpoint ${endpoint} goes back to ${before}, without capture`
  },
}

interface Config {
  EndpointConfigName?: string | undefined
  EndpointConfigArn?: string | undefined
  CreationTime?: Date | undefined
  ProductionVariants?: { ServerlessConfig?: unknown }[] | undefined
  DataCaptureConfig?: { EnableCapture?: boolean; DestinationS3Uri?: string } | undefined
  AsyncInferenceConfig?: unknown
}

async function wantedEndpoints(context: StepContext): Promise<string[]> {
  const { capture } = context.wanted
  if (!capture.includes('*')) return [...capture]
  const sagemaker = await sagemakerOf(context.clients)
  const names: string[] = []
  let NextToken: string | undefined
  do {
    const page = await sagemaker.listEndpoints({
      ...(NextToken ? { NextToken } : {}),
      StatusEquals: 'InService',
    })
    names.push(...(page.Endpoints ?? []).map(({ EndpointName }) => EndpointName ?? '').filter(Boolean))
    NextToken = page.NextToken
  } while (NextToken)
  return names
}

async function lookAt(context: StepContext, endpoint: string): Promise<Finding> {
  const uri = `s3://${logBucketName(context)}/datacapture`
  const about = {
    step: 'data-capture',
    place: endpoint,
    what: `the endpoint ${endpoint} captures ${context.wanted.sampling} % of its requests and answers into ${uri}; SageMaker replaces its instances, and its role needs s3:PutObject there`,
  }
  const found = await read(context, endpoint).catch((thrown) => String(thrown?.message ?? thrown))
  if (typeof found === 'string') {
    const gone = /could not find|not found/i.test(found)
    return {
      ...about,
      state: gone ? 'refused' : 'unknown',
      why: gone ? 'there is no such endpoint' : 'sagemaker:DescribeEndpoint is denied',
    }
  }
  const { config, status } = found
  const there = config.DataCaptureConfig
  if (there?.EnableCapture)
    return there.DestinationS3Uri?.startsWith(`s3://${logBucketName(context)}/`)
      ? { ...about, state: 'done' }
      : {
          ...about,
          state: 'refused',
          why: `it captures into ${there.DestinationS3Uri} already\n    way out: read that bucket (--log-bucket)`,
        }
  if (config.ProductionVariants?.some(({ ServerlessConfig }) => ServerlessConfig !== undefined))
    return { ...about, state: 'refused', why: 'serverless endpoints have no Data Capture' }
  if (config.AsyncInferenceConfig !== undefined)
    return {
      ...about,
      state: 'refused',
      why: 'asynchronous endpoints have no Data Capture: what they answer lies in S3 anyway',
    }
  if (status !== 'InService')
    return { ...about, state: 'refused', why: `it is ${status}: wait until it is InService` }
  return {
    ...about,
    state: 'open',
    before: { configuration: config.EndpointConfigName, capture: 'none' },
    after: { configuration: nameOfOurs(config.EndpointConfigName ?? ''), capture: uri },
  }
}

async function read(
  { clients }: StepContext,
  EndpointName: string,
): Promise<{ config: Config; status: string }> {
  const sagemaker = await sagemakerOf(clients)
  const { EndpointConfigName, EndpointStatus = '?' } = await sagemaker.describeEndpoint({ EndpointName })
  if (EndpointConfigName === undefined)
    throw new UserError(`the endpoint ${EndpointName} has no configuration`)
  const config = (await sagemaker.describeEndpointConfig({ EndpointConfigName })) as Config
  return { config, status: EndpointStatus }
}

/** Names have 63 characters at most. */
function nameOfOurs(before: string): string {
  return `${before.slice(0, 55)}-loglake`
}

/** All that a configuration has, and Data Capture. */
function withCapture(config: Config, context: StepContext, endpoint: string) {
  const { EndpointConfigArn: _, CreationTime: __, ...rest } = config as Config & Record<string, unknown>
  const { $metadata: ___, ...copied } = rest
  return {
    ...copied,
    EndpointConfigName: nameOfOurs(config.EndpointConfigName ?? ''),
    DataCaptureConfig: {
      EnableCapture: true,
      InitialSamplingPercentage: context.wanted.sampling,
      DestinationS3Uri: `s3://${logBucketName(context)}/datacapture`,
      ...(context.outputs.Key === undefined ? {} : { KmsKeyId: context.outputs.Key }),
      CaptureOptions: [{ CaptureMode: 'Input' }, { CaptureMode: 'Output' }],
      CaptureContentTypeHeader: {
        JsonContentTypes: ['application/json', 'application/jsonlines'],
        CsvContentTypes: ['text/csv'],
      },
    },
    Tags: [{ Key: 'loglake', Value: `${context.wanted.stack}: ${endpoint} with Data Capture` }],
  }
}
