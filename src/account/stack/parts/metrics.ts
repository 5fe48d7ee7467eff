import type { Part } from '../contract.ts'
import { arnOf, sub, yesNo } from '../words.ts'
import { sender, stream } from './firehose.ts'

/** CloudWatch metrics: calls, latency, errors. */
export const metrics: Part = {
  name: 'metrics',
  title: 'Metrics',
  parameters: {
    Metrics: yesNo(
      'no',
      'A metric stream of SageMaker and Bedrock; it is charged by each update of a metric.',
    ),
  },
  resources: {
    MetricDelivery: stream('metrics', 'carries metrics into the log bucket', 'MetricsStream'),
    MetricSender: sender(
      'streams.metrics.cloudwatch.amazonaws.com',
      'metrics',
      'lets CloudWatch send to that stream',
      'MetricsStream',
    ),
    MetricStream: {
      Type: 'AWS::CloudWatch::MetricStream',
      does: 'sends metrics of SageMaker and Bedrock to that stream, as JSON',
      Condition: 'MetricsStream',
      Properties: {
        Name: sub('${Name}'),
        FirehoseArn: arnOf('MetricDelivery'),
        RoleArn: arnOf('MetricSender'),
        OutputFormat: 'json',
        IncludeFilters: [
          'AWS/SageMaker',
          '/aws/sagemaker/Endpoints',
          'AWS/Bedrock',
          'AWS/Bedrock/Guardrails',
        ].map((Namespace) => ({ Namespace })),
      },
    },
  },
}
