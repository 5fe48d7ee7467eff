// What scanners, autoscaling, monitoring and dashboards ask for all day long, in the form of corpus-shapes.ts.
import type { Random } from '../samples/random.ts'
import { type Call, type Caller, type Scene, type Shape, shape } from './corpus-shapes.ts'

type Make = (random: Random, scene: Scene) => string

const ec2 = (set: string): Make => {
  return (random, scene) =>
    `{"${set}":{},"filterSet":{"items":[{"name":"tag:managed-by","valueSet":{"items":[{"value":"platform"}]}},{"name":"tag:environment","valueSet":{"items":[{"value":"production"},{"value":"staging"}]}},{"name":"tag:cost-center","valueSet":{"items":[{"value":"4100"},{"value":"4110"},{"value":"4120"}]}},{"name":"tag:team","valueSet":{"items":[{"value":"${random.pick(scene.prefixes)}"}]}}]},"maxResults":1000}`
}

const page: Make = (random) => `{"maxResults":${random.pick([50, 100])}}`

const group: Make = (random, scene) =>
  `{"autoScalingGroupNames":["${random.pick(scene.prefixes)}-workers-${random.pick(['a', 'b', 'c'])}","${random.pick(scene.prefixes)}-gpu"],"includeInstances":true,"maxRecords":100}`

const target: Make = (random, scene) =>
  `{"targetGroupArn":"arn:aws:elasticloadbalancing:${scene.region}:${scene.account}:targetgroup/${random.pick(scene.prefixes)}-api/${random.hex(16)}"}`

const bucket = (what: string): Make => {
  return (random, scene) => {
    const name = random.pick(scene.buckets)
    return `{"bucketName":"${name}","Host":"${name}.s3.${scene.region}.amazonaws.com","${what}":""}`
  }
}

const role: Make = (random, scene) => `{"roleName":"${random.pick(scene.roles)}"}`

const key: Make = (random, scene) =>
  `{"keyId":"arn:aws:kms:${scene.region}:${scene.account}:key/${random.pick(scene.keys)}"}`

const lambda: Make = (random, scene) =>
  `{"functionName":"arn:aws:lambda:${scene.region}:${scene.account}:function:${random.pick(scene.functions)}"}`

const tasks: Make = (random, scene) =>
  `{"cluster":"arn:aws:ecs:${scene.region}:${scene.account}:cluster/platform","services":["${random.pick(scene.prefixes)}-api","${random.pick(scene.prefixes)}-worker"],"include":["TAGS"]}`

const metrics: Make = (random, scene) =>
  `{"namespace":"AWS/${random.pick(['SageMaker', 'Bedrock', 'Lambda', 'EC2'])}","metricName":"${random.pick(['Invocations', 'Errors', 'InvocationLatency'])}","dimensions":[{"name":"Team","value":"${random.pick(scene.prefixes)}"}],"period":60,"statistics":["Average","Maximum","SampleCount"]}`

const POLLED: [service: string, weight: number, by: Caller, names: string[], make: Make][] = [
  ['ec2', 14, 'poller', ['DescribeInstances', 'DescribeInstanceStatus'], ec2('instancesSet')],
  ['ec2', 6, 'poller', ['DescribeSecurityGroups'], ec2('securityGroupSet')],
  ['ec2', 6, 'poller', ['DescribeSubnets', 'DescribeRouteTables', 'DescribeVpcs'], ec2('subnetSet')],
  ['ec2', 5, 'poller', ['DescribeVolumes', 'DescribeSnapshots'], ec2('volumeSet')],
  ['ec2', 6, 'poller', ['DescribeLaunchTemplateVersions', 'DescribeSpotPriceHistory'], ec2('imagesSet')],
  ['ec2', 4, 'person', ['DescribeInstances', 'DescribeVolumes', 'DescribeTags'], ec2('instancesSet')],
  ['autoscaling', 9, 'poller', ['DescribeAutoScalingGroups', 'DescribePolicies'], group],
  ['elasticloadbalancing', 9, 'poller', ['DescribeTargetHealth', 'DescribeTargetGroups'], target],
  ['s3', 4, 'poller', ['GetBucketPolicy'], bucket('policy')],
  ['s3', 4, 'poller', ['GetBucketEncryption'], bucket('encryption')],
  ['s3', 4, 'poller', ['GetBucketVersioning'], bucket('versioning')],
  ['iam', 7, 'poller', ['GetRole', 'ListAttachedRolePolicies', 'ListRolePolicies'], role],
  ['kms', 6, 'poller', ['DescribeKey', 'GetKeyRotationStatus', 'GetKeyPolicy'], key],
  ['lambda', 5, 'poller', ['GetFunctionConfiguration20150331v2', 'ListTags20170331'], lambda],
  ['ecs', 7, 'poller', ['DescribeServices', 'DescribeTasks'], tasks],
  ['monitoring', 8, 'poller', ['GetMetricStatistics', 'ListMetrics'], metrics],
  ['monitoring', 5, 'person', ['GetMetricStatistics', 'GetDashboard'], metrics],
  ['sagemaker', 4, 'poller', ['ListEndpoints', 'ListNotebookInstances', 'ListModels'], page],
  ['bedrock', 3, 'poller', ['ListGuardrails', 'ListInferenceProfiles'], page],
  ['rds', 3, 'poller', ['DescribeDBInstances', 'DescribeDBClusters'], page],
]

export const POLLS: Shape[] = POLLED.flatMap(([service, weight, by, names, make]) =>
  names.map((name) => shape(service, name, weight / names.length, by, calling(make))),
)

function calling(make: Make): (random: Random, scene: Scene) => Call {
  return (random, scene) => ({ request: make(random, scene) })
}
