import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { sagemakerOf } from '../../aws/sagemaker.ts'
import { UserError } from '../../lib/errors.ts'
import type { Finding, Step, StepContext } from '../contract.ts'
import { logBucketName } from '../names.ts'

/**
 * Data Capture of running endpoints. An endpoint's configuration cannot be changed: a copy with Data Capture
 * is created, and the endpoint updated to it; SageMaker first starts new instances and then moves the
 * requests over.
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
    const { EndpointConfigName: ours } = withCapture(config, context, endpoint)
    return { before: config.EndpointConfigName ?? '', ours }
  },

  async make(context, endpoint) {
    const sagemaker = await sagemakerOf(context.clients)
    const { config } = await read(context, endpoint)
    const copy = withCapture(config, context, endpoint)
    await sagemaker.createEndpointConfig(copy as never).catch((thrown) => {
      // An interrupted run has created it: its name is derived from its content.
      if (!/already exist/i.test(String(thrown?.message))) throw thrown
    })
    await sagemaker.updateEndpoint({
      EndpointName: endpoint,
      EndpointConfigName: copy.EndpointConfigName,
      RetainAllVariantProperties: true,
      // Otherwise the endpoint would keep its capture setting: none.
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
    })
  },

  async undo(context, endpoint, memory) {
    const sagemaker = await sagemakerOf(context.clients)
    const { before, ours } = memory as { before: string; ours: string }
    const found = await read(context, endpoint).catch((thrown) => {
      if (isMissing(thrown)) return undefined
      throw thrown
    })
    if (!found) return `the endpoint ${endpoint} is gone`
    if (found.config.EndpointConfigName !== ours)
      return `the endpoint ${endpoint} has another configuration by now: left as it is`
    await sagemaker.updateEndpoint({
      EndpointName: endpoint,
      EndpointConfigName: before,
      RetainAllVariantProperties: true,
      ExcludeRetainedVariantProperties: [{ VariantPropertyType: 'DataCaptureConfig' }],
    })
    await updated(context, endpoint, before)
    await sagemaker.deleteEndpointConfig({ EndpointConfigName: ours }).catch(() => undefined)
    return `the endpoint ${endpoint} is back at ${before}, without capture`
  },
}

const POLL_MS = 10_000
/** An update starts new instances before it moves the requests: minutes for a large model. */
const LONGEST_UPDATE_MS = 3_600_000
/** Until an update shows in the endpoint's state. */
const LONGEST_START_MS = 60_000

/** Waits for the end of an update. Until then SageMaker needs the configuration that it replaces. */
async function updated({ clients }: StepContext, EndpointName: string, config: string): Promise<void> {
  const sagemaker = await sagemakerOf(clients)
  for (let waitedMs = 0; waitedMs < LONGEST_UPDATE_MS; waitedMs += POLL_MS) {
    const { EndpointStatus, EndpointConfigName, FailureReason } = await sagemaker.describeEndpoint({
      EndpointName,
    })
    const isAtWork = /ing$/.test(EndpointStatus ?? '')
    if (!isAtWork && EndpointConfigName === config) return
    if (!isAtWork && (FailureReason !== undefined || waitedMs > LONGEST_START_MS))
      throw new UserError(
        `the endpoint ${EndpointName} did not go back to ${config}: ${FailureReason ?? EndpointStatus}`,
      )
    await wait(POLL_MS)
  }
  throw new UserError(`the endpoint ${EndpointName} is still being updated`)
}

/** SageMaker has no error of its own for what does not exist. */
function isMissing(thrown: unknown): boolean {
  return /could not find|not found/i.test(String((thrown as Error | undefined)?.message ?? thrown))
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
    what: `the endpoint ${endpoint} captures ${context.wanted.sampling} % of its requests and answers into ${uri}; SageMaker replaces its instances, and its role needs s3:PutObject there and kms:GenerateDataKey on the key`,
  }
  const found = await read(context, endpoint).catch((thrown) => (isMissing(thrown) ? 'gone' : 'unknown'))
  if (found === 'gone') return { ...about, state: 'refused', why: 'there is no such endpoint' }
  if (found === 'unknown')
    return {
      ...about,
      state: 'unknown',
      why: 'sagemaker:DescribeEndpoint or sagemaker:DescribeEndpointConfig is denied, or SageMaker cannot be reached',
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
    after: {
      configuration: withCapture(config, context, endpoint).EndpointConfigName,
      capture: uri,
    },
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

/**
 * The whole configuration, plus Data Capture. The name is derived from the content and the endpoint: one that
 * exists under it has this content, and belongs to no other endpoint.
 */
function withCapture(config: Config, context: StepContext, endpoint: string) {
  const { EndpointConfigArn: _, CreationTime: __, ...rest } = config as Config & Record<string, unknown>
  const { $metadata: ___, EndpointConfigName: before = '', ...copied } = rest
  const content = {
    ...copied,
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
  const hash = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  // Names have at most 63 characters.
  return { ...content, EndpointConfigName: `${before.slice(0, 46)}-loglake-${hash.slice(0, 8)}` }
}
