import { type JsonObject, objectOf, textOf } from '../../json/values.ts'
import type { Row } from '../contract.ts'

/** The resource of an event, and its new state. */
export function resourceOf(detailType: string, detail: JsonObject, arn: string | undefined): Row {
  const type = typeOf(detailType)
  const field = fieldsOf(detail)
  const health = fieldsOf(objectOf(detail.HealthSummary))
  const name = field(`${type}Name`) ?? (type === 'PipelineStep' ? field('stepName') : undefined)
  const ownArn = field(`${type}Arn`) ?? arn
  const status = field(`${type}Status`, 'currentPipelineExecutionStatus', 'currentStepStatus')
  return {
    resourcetype: type,
    resourcename: name ?? nameOf(ownArn),
    resourcearn: ownArn,
    status: spelt(status),
    previousstatus: spelt(
      field('previousPipelineExecutionStatus', 'previousStepStatus', `Previous${type}Status`),
    ),
    secondarystatus:
      field('SecondaryStatus', 'ModelApprovalStatus', 'OfflineStoreStatus') ?? health('HealthStatus'),
    failurereason: field('FailureReason', 'ExitMessage', 'FailureMessage') ?? health('HealthStatusReason'),
  }
}

/** `SageMaker Training Job State Change` is about a TrainingJob. */
function typeOf(detailType: string): string {
  const words = detailType
    .replace(/^SageMaker /, '')
    .replace(/ (?:State|Status) Change$/, '')
    .replaceAll(' ', '')
  return TYPES.get(words) ?? words
}

const TYPES = new Map([
  ['EndpointDeployment', 'Endpoint'],
  ['ModelBuildingPipelineExecution', 'Pipeline'],
  ['ModelBuildingPipelineExecutionStep', 'PipelineStep'],
  ['HyperPodCluster', 'Cluster'],
  ['HyperPodClusterEvent', 'Cluster'],
  ['HyperPodClusterNodeHealthEvent', 'Cluster'],
])

/** The first field that holds a text: details are in PascalCase, those of pipelines in camelCase. */
function fieldsOf(detail: JsonObject): (...names: string[]) => string | undefined {
  const lower = new Map(Object.entries(detail).map(([key, value]) => [key.toLowerCase(), value]))
  return (...names) => {
    for (const name of names) {
      const value = textOf(lower.get(name.toLowerCase()))
      if (value !== undefined && value !== '') return value
    }
    return undefined
  }
}

/**
 * `kmeans-1` of `arn:aws:sagemaker:us-east-1:111122223333:training-job/kmeans-1`; a package's name includes
 * its version.
 */
function nameOf(arn: string | undefined): string | undefined {
  return /^arn:aws[a-z-]*:sagemaker:[^/]*\/(.+)$/.exec(arn ?? '')?.[1]
}

/** `IN_SERVICE` is InService in the API. */
function spelt(status: string | undefined): string | undefined {
  if (status === undefined || !/^[A-Z]+(?:_[A-Z]+)*$/.test(status)) return status
  return status.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
