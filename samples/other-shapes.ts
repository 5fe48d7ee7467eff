import { at, isoTime, type JsonObject, ML, named, PROD, principalId, SHARED, US } from './organisation.ts'
import type { Folder, Stage } from './record.ts'

export function playOtherShapes(stage: Stage): void {
  insights(stage)
  networkActivity(stage)
}

function add(stage: Stage, folder: Folder, account: string, when: number, record: JsonObject): void {
  stage.entries.push({ folder, account, region: US, at: when, id: record.eventID as string, record })
}

function insights(stage: Stage): void {
  const callers = {
    attribute: 'userIdentityArn',
    insight: [{ value: `arn:aws:iam::${PROD}:user/legacy-backup`, average: 2.8 }],
    baseline: [{ value: 'null', average: 0.0008 }],
  }
  for (const [account, eventName, insightType, errorCode, from, minutes] of [
    [PROD, 'InvokeModel', 'ApiErrorRateInsight', 'AccessDenied', at(3, '04:41:00'), 3],
    [ML, 'DescribeTrainingJob', 'ApiCallRateInsight', undefined, at(1, '15:20:00'), 9],
  ] as const) {
    const sharedEventID = stage.random.uuid()
    for (const state of ['Start', 'End']) {
      const when = state === 'Start' ? from : from + minutes * 60
      const statistics = {
        baseline: { average: 0.0008 },
        insight: { average: 2.8 },
        ...(state === 'End' && { insightDuration: minutes }),
        baselineDuration: 10_079,
      }
      const insightContext = { statistics, attributions: errorCode ? [callers] : [] }
      const insightDetails = {
        state,
        eventSource: errorCode ? 'bedrock.amazonaws.com' : 'sagemaker.amazonaws.com',
        eventName,
        insightType,
        ...(errorCode && { errorCode }),
        insightContext,
      }
      add(stage, 'CloudTrail-Insight', account, when, {
        eventVersion: '1.09',
        eventTime: isoTime(when),
        awsRegion: US,
        eventID: stage.random.uuid(),
        eventType: 'AwsCloudTrailInsight',
        recipientAccountId: account,
        sharedEventID,
        insightDetails,
        eventCategory: 'Insight',
      })
    }
  }
}

function networkActivity(stage: Stage): void {
  const { random } = stage
  for (let i = 0; i < 9; i++) {
    const when = at(2, '18:10:00') + i * random.between(20, 50)
    const foreign = i % 3 === 0
    const userIdentity: JsonObject = foreign
      ? { type: 'AWSAccount', principalId: principalId('AROA', SHARED, 'unknown'), accountId: SHARED }
      : {
          type: 'AssumedRole',
          principalId: `${principalId('AROA', ML, 'EndpointRole')}:SageMaker`,
          arn: `arn:aws:sts::${ML}:assumed-role/EndpointRole/SageMaker`,
          accountId: ML,
        }
    add(stage, 'CloudTrail-NetworkActivity', ML, when, {
      eventVersion: '1.09',
      userIdentity,
      eventTime: isoTime(when),
      eventSource: foreign ? 'kms.amazonaws.com' : 'secretsmanager.amazonaws.com',
      eventName: foreign ? 'ListKeys' : 'GetSecretValue',
      awsRegion: US,
      sourceIPAddress: `192.0.2.${random.between(60, 90)}`,
      ...(foreign && {
        errorCode: 'VpceAccessDenied',
        errorMessage: 'The request was denied due to a VPC endpoint policy',
      }),
      requestID: random.uuid(),
      eventID: random.uuid(),
      eventType: 'AwsVpceEvent',
      recipientAccountId: ML,
      sharedEventID: random.uuid(),
      vpcEndpointId: `vpce-${named('vpce', ML).hex(17)}`,
      vpcEndpointAccountId: ML,
      eventCategory: 'NetworkActivity',
    })
  }
}
