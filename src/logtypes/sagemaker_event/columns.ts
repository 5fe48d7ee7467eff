import type { Column } from '../contract.ts'

/**
 * SageMaker's EventBridge events: the envelope, what most details have in common, and the detail whole.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export const columns: readonly Column[] = [
  { name: 'time', type: 'timestamptz', path: 'time', doc: 'When the event happened.', bounds: true },
  {
    name: 'id',
    type: 'string',
    path: 'id',
    doc: "EventBridge's id of the event; made of its content where it has none.",
  },
  { name: 'account', type: 'string', path: 'account', doc: 'The account it happened in.', bounds: true },
  { name: 'region', type: 'string', path: 'region', doc: 'The Region it happened in.', bounds: true },
  {
    name: 'detail_type',
    type: 'string',
    doc: 'What kind of event it is, as in `SageMaker Training Job State Change`.',
    bounds: true,
  },
  {
    name: 'resourcetype',
    type: 'string',
    doc: 'What changed: TrainingJob, HyperParameterTuningJob, TransformJob, ProcessingJob, Endpoint, Model, Pipeline, PipelineStep, Cluster, ...',
  },
  { name: 'resourcename', type: 'string', doc: 'The name of what changed.', bounds: true },
  { name: 'resourcearn', type: 'string', doc: 'The ARN of what changed.' },
  {
    name: 'status',
    type: 'string',
    doc: "The new status, spelt as SageMaker's API does: `InService`, although the event of an endpoint says `IN_SERVICE`.",
  },
  { name: 'previousstatus', type: 'string', doc: 'The status before, where the event tells.' },
  {
    name: 'secondarystatus',
    type: 'string',
    doc: 'The secondary status of a training job, the health of a node, the approval of a model package.',
  },
  {
    name: 'failurereason',
    type: 'string',
    doc: 'Why it failed, or the exit message of a processing job.',
  },
  { name: 'rolearn', type: 'string', doc: 'The role that the job, model or domain runs as.' },
  {
    name: 'image',
    type: 'string',
    doc: 'The container image of the job or model, or the name of its algorithm.',
  },
  { name: 'modelname', type: 'string', doc: 'The model of a transform job, or of a variant.' },
  {
    name: 'endpointconfigname',
    type: 'string',
    doc: 'The configuration that the endpoint runs, or gets.',
  },
  { name: 'instancetype', type: 'string', doc: 'The instance type of the job or variant.' },
  { name: 'instancecount', type: 'long', doc: 'How many instances it runs on.' },
  { name: 'instanceid', type: 'string', doc: 'The instance of a HyperPod cluster that the event is about.' },
  { name: 'creationtime', type: 'timestamptz', doc: 'When it was created.' },
  { name: 'starttime', type: 'timestamptz', doc: 'When it began to run.' },
  { name: 'endtime', type: 'timestamptz', doc: 'When it ended.' },
  { name: 'lastmodifiedtime', type: 'timestamptz', doc: 'When it was last changed.' },
  {
    name: 'billableseconds',
    type: 'long',
    doc: 'How long the training is paid for, where the event tells.',
  },
  { name: 'hyperparameters', type: 'json', doc: 'The hyperparameters of a training job, as JSON.' },
  {
    name: 'inputs3uris',
    type: 'json',
    doc: 'Where a job reads from: S3 URIs as a JSON array.',
  },
  { name: 'outputs3uri', type: 'string', doc: 'Where a job writes to in S3.' },
  {
    name: 'networkisolation',
    type: 'boolean',
    doc: 'Whether the container is kept from the network, where the event tells.',
  },
  {
    name: 'vpcconfig',
    type: 'json',
    doc: 'The VPC that it runs in, as JSON; null when in none.',
  },
  {
    name: 'userprofilename',
    type: 'string',
    doc: 'The Studio user who made or changed it, where the event tells.',
  },
  { name: 'tags', type: 'json', doc: 'Its tags, as JSON.' },
  {
    name: 'resources',
    type: 'json',
    path: 'resources',
    doc: 'The ARNs that the event is about, as a JSON array.',
  },
  { name: 'detail', type: 'json', path: 'detail', doc: 'The detail of the event whole, as JSON.' },
  { name: 'version', type: 'string', path: 'version', doc: "Version of the event's envelope, `0`." },
]
