import { createHash } from 'node:crypto'
import type { Delivery } from '../../envelopes/contract.ts'
import { bodyOfEvent } from '../../envelopes/eventbridge.ts'
import { parseTimestamp } from '../../json/time.ts'
import {
  countOf,
  isObject,
  type JsonObject,
  jsonAsDelivered,
  jsonOf,
  listOf,
  objectOf,
  textOf,
  type Value,
  wellFormed,
} from '../../json/values.ts'
import type { Prepared, Row } from '../contract.ts'
import { rowMaker } from '../row.ts'
import { columns } from './columns.ts'
import { resourceOf } from './resource.ts'

const rowOf = rowMaker(columns)

/**
 * The envelope's fields, the fields that most details share, each under one name, and the detail as
 * delivered.
 */
export function prepare({ bytes, record = {} }: Delivery): Prepared {
  const time = parseTimestamp(record.time)
  if (time === undefined) return { kind: 'rejected', reason: 'the field time is no time' }
  const body = bodyOfEvent(bytes)
  if (typeof body === 'string') return { kind: 'rejected', reason: body }
  const { id, account, region, resources, version } = record
  const detailType = textOf(record['detail-type']) ?? ''
  const detail = objectOf(record.detail)
  const arns = listOf(resources)
  const row = rowOf(
    {
      time,
      id: textOf(id) || createHash('sha256').update(bytes).digest('hex').slice(0, 40),
      account: textOf(account),
      region: textOf(region),
      detail_type: detailType,
      userprofilename: wellFormed(
        textOf(objectOf(detail.LastModifiedBy).UserProfileName) ??
          textOf(objectOf(detail.CreatedBy).UserProfileName),
      ),
      tags: filled(detail.Tags),
      resources: jsonOf(resources),
      detail: jsonAsDelivered(body.detail),
      version: textOf(version),
      unmapped: body.unmapped,
    },
    resourceOf(detailType, detail, textOf(arns[0])),
    runOf(detail),
    timesOf(detail),
    dataOf(detail),
  )
  return { kind: 'row', row }
}

/** The role, instances and container of a job; for an endpoint those of its first variant. */
function runOf(detail: JsonObject): Row {
  const variant = objectOf(listOf(detail.ProductionVariants)[0])
  const job = isObject(detail.TrainingJobDefinition) ? { ...detail.TrainingJobDefinition, ...detail } : detail
  const algorithm = objectOf(job.AlgorithmSpecification)
  const container = objectOf(job.PrimaryContainer ?? listOf(job.Containers)[0])
  const cluster = objectOf(objectOf(job.ProcessingResources).ClusterConfig)
  const runsOn = objectOf(job.ResourceConfig ?? job.TransformResources ?? (cluster as Value))
  const deployed = objectOf(listOf(variant.DeployedImages)[0])
  return {
    rolearn: textOf(job.RoleArn) ?? textOf(job.ExecutionRoleArn),
    image:
      textOf(algorithm.TrainingImage) ??
      textOf(algorithm.AlgorithmName) ??
      textOf(objectOf(job.AppSpecification).ImageUri) ??
      textOf(container.Image) ??
      textOf(deployed.SpecifiedImage) ??
      textOf(job.BaseImage),
    modelname: textOf(job.ModelName) ?? textOf(variant.ModelName),
    endpointconfigname: textOf(job.EndpointConfigName),
    instancetype: textOf(runsOn.InstanceType) ?? textOf(variant.InstanceType),
    instancecount:
      countOf(runsOn.InstanceCount) ??
      countOf(variant.CurrentInstanceCount) ??
      countOf(variant.DesiredInstanceCount) ??
      countOf(variant.InitialInstanceCount),
    instanceid: textOf(job.InstanceId),
    hyperparameters: filled(job.HyperParameters ?? job.StaticHyperParameters),
    networkisolation:
      typeof job.EnableNetworkIsolation === 'boolean'
        ? job.EnableNetworkIsolation
        : booleanOf(objectOf(job.NetworkConfig).EnableNetworkIsolation),
    vpcconfig: filled(job.VpcConfig ?? objectOf(job.NetworkConfig).VpcConfig),
    billableseconds: countOf(job.BillableTimeInSeconds),
  }
}

function booleanOf(value: Value): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Times occur in four forms: milliseconds as a number, a fraction or a text, or ISO. */
function timesOf(detail: JsonObject): Row {
  const first = (...names: string[]) => {
    for (const name of names) {
      const timestamp = parseTimestamp(detail[name])
      if (timestamp !== undefined) return timestamp
    }
    return undefined
  }
  return {
    creationtime: first('CreationTime', 'CreatedTime', 'creationTime'),
    starttime: first(
      'TrainingStartTime',
      'TransformStartTime',
      'ProcessingStartTime',
      'executionStartTime',
      'stepStartTime',
    ),
    endtime: first(
      'TrainingEndTime',
      'TransformEndTime',
      'ProcessingEndTime',
      'HyperParameterTuningEndTime',
      'executionEndTime',
      'stepEndTime',
    ),
    lastmodifiedtime: first('LastModifiedTime', 'LastUpdateTime', 'lastModifiedTime'),
  }
}

/** The locations that it reads from and writes to. */
function dataOf(detail: JsonObject): Row {
  const sources = [
    ...listOf(detail.InputDataConfig),
    ...(isObject(detail.TransformInput) ? [detail.TransformInput] : []),
  ]
  const uris = [
    ...sources.map((source) => textOf(objectOf(objectOf(objectOf(source).DataSource).S3DataSource).S3Uri)),
    ...listOf(detail.ProcessingInputs).map((input) => textOf(objectOf(objectOf(input).S3Input).S3Uri)),
  ].filter((uri) => uri !== undefined)
  const [firstOutput] = listOf(objectOf(detail.ProcessingOutputConfig).Outputs)
  return {
    inputs3uris: uris.length > 0 ? jsonOf(uris) : undefined,
    outputs3uri:
      textOf(objectOf(detail.OutputDataConfig).S3OutputPath) ??
      textOf(objectOf(detail.TransformOutput).S3OutputPath) ??
      textOf(objectOf(objectOf(firstOutput).S3Output).S3Uri),
  }
}

/** An object or list that is not empty, as JSON text. */
function filled(value: Value): string | undefined {
  const isEmpty = Array.isArray(value)
    ? value.length === 0
    : isObject(value) && Object.keys(value).length === 0
  return isEmpty ? undefined : jsonOf(value)
}
