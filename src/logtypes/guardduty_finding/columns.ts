import type { Column, ColumnType } from '../contract.ts'

/**
 * A finding, flat where people ask: who, from where, what for; resource and service whole beside that.
 * https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
 */
export const columns: readonly Column[] = [
  {
    name: 'updatedat',
    type: 'timestamptz',
    path: 'updatedAt',
    doc: 'When this version was made: the newest one of an `id` is what GuardDuty says today.',
    bounds: true,
  },
  {
    name: 'id',
    type: 'string',
    path: 'id',
    doc: "The finding's id, the same in all its versions.",
    bounds: true,
  },
  { name: 'createdat', type: 'timestamptz', path: 'createdAt', doc: 'When the first version was made.' },
  { name: 'accountid', type: 'string', path: 'accountId', doc: 'The account it is about.', bounds: true },
  { name: 'region', type: 'string', path: 'region', doc: 'The Region it is about.', bounds: true },
  {
    name: 'type',
    type: 'string',
    path: 'type',
    doc: 'What was found, as in `UnauthorizedAccess:IAMUser/TorIPCaller`.',
    bounds: true,
  },
  {
    name: 'severity',
    type: 'double',
    path: 'severity',
    doc: 'How grave it is, from 1.0 to 10.0.',
    bounds: true,
  },
  {
    name: 'severitylabel',
    type: 'string',
    doc: 'The severity in a word: Low below 4, Medium below 7, High below 9, then Critical.',
  },
  { name: 'title', type: 'string', path: 'title', doc: 'The finding in a sentence.' },
  { name: 'description', type: 'string', path: 'description', doc: 'The finding in some sentences.' },
  of('service.count', 'long', 'How often it was seen: it grows from version to version.'),
  of('service.eventFirstSeen', 'timestamptz', 'When it was first seen.'),
  of('service.eventLastSeen', 'timestamptz', 'When it was last seen.'),
  of('service.archived', 'boolean', 'Whether somebody, or a rule, has put it away.'),
  of('resource.resourceType', 'string', 'What it is about, as in AccessKey, Instance, S3Bucket.'),
  of('resource.accessKeyDetails.accessKeyId', 'string', 'The access key that was used.'),
  of('resource.accessKeyDetails.principalId', 'string', 'The unique id of who used it.'),
  of('resource.accessKeyDetails.userName', 'string', 'The name of the user or the role.'),
  of('resource.accessKeyDetails.userType', 'string', 'The kind of identity, as in AssumedRole.'),
  of('resource.instanceDetails.instanceId', 'string', 'The instance.'),
  {
    name: 'modelids',
    type: 'json',
    doc: 'The models it is about, a SageMaker endpoint by its name, as a JSON array.',
  },
  of('resource.bedrockGuardrailDetails', 'json', 'What a guardrail did, as JSON.'),
  of('service.action.actionType', 'string', 'The kind of action, as in AWS_API_CALL.'),
  of('service.action.awsApiCallAction.api', 'string', 'The API operation that was called.'),
  of(
    'service.action.awsApiCallAction.serviceName',
    'string',
    'The service, as in `sagemaker.amazonaws.com`.',
  ),
  of(
    'service.action.awsApiCallAction.callerType',
    'string',
    'What kind of caller it was, as in `Remote IP`.',
  ),
  of('service.action.awsApiCallAction.errorCode', 'string', 'The error, when the call failed.'),
  of('service.action.awsApiCallAction.userAgent', 'string', 'The tool that made the call.'),
  {
    name: 'remoteip',
    type: 'string',
    doc: 'The other side, whatever the action: IPv4 or IPv6.',
    bounds: true,
  },
  { name: 'remotecountry', type: 'string', doc: 'Where that address is.' },
  { name: 'remotecity', type: 'string', doc: 'The city of that address.' },
  { name: 'remoteasn', type: 'string', doc: 'The autonomous system of that address.' },
  { name: 'remoteorg', type: 'string', doc: 'Whom that address belongs to.' },
  of('service.resourceRole', 'string', 'ACTOR or TARGET: what the resource was in it.'),
  of('service.featureName', 'string', 'The protection plan that found it.'),
  of('service.userFeedback', 'string', 'What somebody thought of it: USEFUL or NOT_USEFUL.'),
  of('service.detectorId', 'string', 'The detector that found it.'),
  {
    name: 'additionalinfo',
    type: 'json',
    doc: 'What else GuardDuty says, as JSON: `service.additionalInfo.value`, which is JSON in a text.',
  },
  { name: 'arn', type: 'string', path: 'arn', doc: "The finding's ARN." },
  { name: 'partition', type: 'string', path: 'partition', doc: 'The partition, as in `aws`.' },
  { name: 'confidence', type: 'double', path: 'confidence', doc: 'How sure GuardDuty is.' },
  {
    name: 'associatedattacksequencearn',
    type: 'string',
    path: 'associatedAttackSequenceArn',
    doc: 'The attack sequence that it is part of.',
  },
  {
    name: 'schemaversion',
    type: 'string',
    path: 'schemaVersion',
    doc: "Version of the finding's format, `2.0`.",
  },
  { name: 'resource', type: 'json', path: 'resource', doc: 'What it is about, whole, as JSON.' },
  { name: 'service', type: 'json', path: 'service', doc: 'What was seen, whole, as JSON.' },
  {
    name: 'eventbridge_id',
    type: 'string',
    doc: 'The id of the EventBridge event it came in, which is another than the id of the finding.',
  },
]

function of(path: string, type: ColumnType, doc: string): Column {
  return { name: path.toLowerCase().replaceAll('.', '_'), type, path, doc }
}
