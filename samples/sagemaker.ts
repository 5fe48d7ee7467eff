// SageMaker's part of the week: training, tuning, endpoints and Studio.
import {
  BOTO_AGENT,
  internalCaller,
  isoTime,
  type JsonObject,
  lambdaCaller,
  ML,
  peopleAtWork,
  personCaller,
  studioCaller,
  US,
  workloadCaller,
} from './organisation.ts'
import { call, resource, type Stage } from './record.ts'

const PROFILES = ['alice', 'chen', 'farah', 'ines']
const ENDPOINTS = ['churn-scoring', 'support-llm', 'image-tagging']
const BUCKET = 'example-models'

function endpointArn(name: string): string {
  return `arn:aws:sagemaker:${US}:${ML}:endpoint/${name}`
}

export function invokeEndpoint(stage: Stage, at: number): void {
  const { random } = stage
  const name = random.pick(ENDPOINTS)
  const by = lambdaCaller(ML, US, 'scoring-api', 'scoring-api-role', at)
  for (let i = random.between(1, 3); i > 0; i--) {
    const throttled: [string, string] = ['ThrottlingException', 'Rate exceeded']
    call(stage, {
      at: at + random.below(6),
      account: ML,
      region: US,
      service: 'sagemaker',
      name: 'InvokeEndpoint',
      host: `runtime.sagemaker.${US}.amazonaws.com`,
      by,
      data: true,
      resources: [resource(ML, 'AWS::SageMaker::Endpoint', endpointArn(name))],
      ...(random.chance(0.02) && { error: throttled }),
    })
  }
}

export function workInStudio(stage: Stage, at: number): void {
  const { random } = stage
  const by = studioCaller(random.pick(peopleAtWork(at, PROFILES)).name, at)
  for (let i = random.between(2, 5); i > 0; i--) {
    const [name, request] = random.pick<[string, JsonObject | null]>([
      ['ListTrainingJobs', { maxResults: 50, sortBy: 'CreationTime', sortOrder: 'Descending' }],
      ['DescribeDomain', { domainId: 'd-exampledomain' }],
      ['ListApps', { domainIdEquals: 'd-exampledomain', maxResults: 100 }],
      ['DescribeEndpoint', { endpointName: random.pick(ENDPOINTS) }],
      ['ListModels', { maxResults: 20 }],
      ['Search', { resource: 'ExperimentTrialComponent', maxResults: 100 }],
    ])
    call(stage, {
      at: at + random.below(90),
      account: ML,
      region: US,
      service: 'sagemaker',
      name,
      by,
      request,
      host: `api.sagemaker.${US}.amazonaws.com`,
    })
  }
}

export function train(stage: Stage, at: number): void {
  const { random } = stage
  const by = studioCaller(random.pick(peopleAtWork(at, PROFILES)).name, at)
  const base = {
    account: ML,
    region: US,
    service: 'sagemaker',
    by,
    host: `api.sagemaker.${US}.amazonaws.com`,
  }
  const trainingJobName = `churn-${isoTime(at).slice(0, 19).replaceAll(/[T:]/g, '-')}`
  call(stage, {
    ...base,
    at,
    name: 'CreateTrainingJob',
    request: {
      trainingJobName,
      hyperParameters: {
        epochs: String(random.between(3, 20)),
        learning_rate: '0.0005',
        sagemaker_program: 'train.py',
      },
      algorithmSpecification: {
        trainingImage: `${ML}.dkr.ecr.${US}.amazonaws.com/churn/train:1.${random.below(30)}`,
        trainingInputMode: 'File',
      },
      roleArn: `arn:aws:iam::${ML}:role/service-role/StudioExecutionRole`,
      inputDataConfig: [
        {
          channelName: 'training',
          dataSource: {
            s3DataSource: {
              s3DataType: 'S3Prefix',
              s3Uri: 's3://example-features/churn/',
              s3DataDistributionType: 'FullyReplicated',
            },
          },
        },
      ],
      outputDataConfig: { s3OutputPath: `s3://${BUCKET}/churn`, kmsKeyId: 'alias/data' },
      resourceConfig: {
        instanceType: 'ml.g5.2xlarge',
        instanceCount: random.between(1, 2),
        volumeSizeInGB: 100,
      },
      stoppingCondition: { maxRuntimeInSeconds: 86_400 },
      enableNetworkIsolation: random.chance(0.7),
    },
    response: { trainingJobArn: `arn:aws:sagemaker:${US}:${ML}:training-job/${trainingJobName}` },
  })
  for (let i = 1; i <= 3; i++) {
    call(stage, { ...base, at: at + i * 60, name: 'DescribeTrainingJob', request: { trainingJobName } })
  }
  const job = {
    account: ML,
    role: 'StudioExecutionRole',
    path: 'service-role/',
    session: 'SageMaker',
    sourceIdentity: (by.identity.sessionContext as JsonObject).sourceIdentity as string,
  }
  const inJob = workloadCaller(job, at + 200, BOTO_AGENT, '192.0.2.180')
  const logStreamName = `${trainingJobName}/algo-1-${at + 190}`
  call(stage, {
    at: at + 200,
    account: ML,
    region: US,
    service: 'logs',
    name: 'CreateLogStream',
    by: inJob,
    readOnly: false,
    request: { logGroupName: '/aws/sagemaker/TrainingJobs', logStreamName },
  })
}

export function releaseModel(stage: Stage, at: number): void {
  const { random } = stage
  const by = personCaller(random.pick(peopleAtWork(at, ['alice', 'farah'])), at, 'cli')
  const base = {
    account: ML,
    region: US,
    service: 'sagemaker',
    by,
    host: `api.sagemaker.${US}.amazonaws.com`,
  }
  const endpoint = random.pick(ENDPOINTS)
  const version = `${endpoint}-${isoTime(at).slice(0, 10)}`
  call(stage, {
    ...base,
    at,
    name: 'CreateModel',
    request: {
      modelName: version,
      primaryContainer: {
        image: `${ML}.dkr.ecr.${US}.amazonaws.com/serve:2.4`,
        modelDataUrl: `s3://${BUCKET}/${version}/model.tar.gz`,
      },
      executionRoleArn: `arn:aws:iam::${ML}:role/EndpointRole`,
      enableNetworkIsolation: true,
    },
    response: { modelArn: `arn:aws:sagemaker:${US}:${ML}:model/${version}` },
  })
  call(stage, {
    ...base,
    at: at + 20,
    name: 'CreateEndpointConfig',
    request: {
      endpointConfigName: version,
      productionVariants: [
        {
          variantName: 'AllTraffic',
          modelName: version,
          initialInstanceCount: 2,
          instanceType: 'ml.g5.xlarge',
        },
      ],
      dataCaptureConfig: {
        enableCapture: true,
        initialSamplingPercentage: 100,
        destinationS3Uri: 's3://example-capture/',
        captureOptions: [{ captureMode: 'Input' }, { captureMode: 'Output' }],
      },
    },
    response: { endpointConfigArn: `arn:aws:sagemaker:${US}:${ML}:endpoint-config/${version}` },
  })
  const name = random.chance(0.3) ? 'CreateEndpoint' : 'UpdateEndpoint'
  call(stage, {
    ...base,
    at: at + 31,
    name,
    request: { endpointName: endpoint, endpointConfigName: version },
    response: { endpointArn: endpointArn(endpoint) },
  })
}

export function tune(stage: Stage, at: number): void {
  const { random } = stage
  const by = studioCaller('ines', at)
  const name = `churn-tuning-${isoTime(at).slice(5, 10)}`
  const arn = `arn:aws:sagemaker:${US}:${ML}:hyper-parameter-tuning-job/${name}`
  const base = { account: ML, region: US, service: 'sagemaker' }
  call(stage, {
    ...base,
    at,
    name: 'CreateHyperParameterTuningJob',
    by,
    host: `api.sagemaker.${US}.amazonaws.com`,
    request: {
      hyperParameterTuningJobName: name,
      hyperParameterTuningJobConfig: {
        strategy: 'Bayesian',
        resourceLimits: { maxNumberOfTrainingJobs: 4, maxParallelTrainingJobs: 2 },
      },
    },
    response: { hyperParameterTuningJobArn: arn },
  })
  // The jobs that tuning starts are not API calls: they have no signature, and the identity has no type.
  for (let i = 1; i <= 4; i++) {
    const trainingJobName = `${name}-00${i}-${random.hex(8)}`
    call(stage, {
      ...base,
      at: at + i * 420,
      name: 'CreateTrainingJob',
      type: 'AwsServiceEvent',
      readOnly: false,
      by: internalCaller(ML, 'sagemaker.amazonaws.com'),
      resources: [
        resource(
          ML,
          'AWS::SageMaker::TrainingJob',
          `arn:aws:sagemaker:${US}:${ML}:training-job/${trainingJobName}`,
        ),
      ],
      details: { trainingJobName, hyperParameterTuningJobArn: arn, trainingJobStatus: 'InProgress' },
    })
  }
}
