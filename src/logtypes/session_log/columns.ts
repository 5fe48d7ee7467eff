import type { Column } from '../contract.ts'

export const columns: readonly Column[] = [
  {
    name: 'eventtime',
    type: 'timestamptz',
    path: 'eventTime',
    doc: "When the agent sent this piece of output, to the second; of output that was uploaded, the session's end.",
    bounds: true,
  },
  {
    name: 'sessionid',
    type: 'string',
    path: 'sessionId',
    doc: 'The session: the name of the user or of the role session, a dash, and a unique part.',
    bounds: true,
  },
  {
    name: 'f_sessionid',
    type: 'string',
    doc: "The session's unique part, in lower case: the same as in cloudtrail.",
    bounds: true,
  },
  { name: 'awsregion', type: 'string', path: 'awsRegion', doc: 'The Region of the instance.' },
  {
    name: 'target_id',
    type: 'string',
    path: 'target.id',
    doc: 'The machine: an instance, a managed node, or `ecs:<cluster>_<task>_<runtime>`.',
    bounds: true,
  },
  {
    name: 'useridentity_arn',
    type: 'string',
    path: 'userIdentity.arn',
    doc: 'Who started the session.',
    bounds: true,
  },
  {
    name: 'runasuser',
    type: 'string',
    path: 'runAsUser',
    doc: "The machine's user that the session began as; the session may have changed to another.",
  },
  {
    name: 'text',
    type: 'string',
    doc: 'The output as a person saw it on the terminal, without control characters but line feeds and tabs.',
  },
  { name: 'lines', type: 'long', doc: 'How many lines the text has.' },
  {
    name: 'sessiondata',
    type: 'json',
    path: 'sessionData',
    doc: 'The output of a streamed event as the agent sent it: an array of lines, escape sequences among them.',
  },
  {
    name: 'output',
    type: 'string',
    doc: 'The output of an uploaded session as it was delivered, with its escape sequences; null for a streamed event.',
  },
  {
    name: 'delivery',
    type: 'string',
    doc: "How the output came: `streamed`, or at the session's end to `cloudwatch` or to `s3`.",
  },
  {
    name: 'piece',
    type: 'long',
    doc: 'The number of this piece of a transcript in S3, from 1; long ones are cut at line ends.',
  },
  {
    name: 'timestamp',
    type: 'timestamptz',
    doc: "CloudWatch Logs' time of the event; it orders the events of a session, and after it the id.",
  },
  {
    name: 'id',
    type: 'string',
    doc: "CloudWatch Logs' own id of the event; of a transcript, made of its content.",
  },
  { name: 'loggroup', type: 'string', doc: 'The log group.', bounds: true },
  { name: 'logstream', type: 'string', doc: 'The log stream, called like the session.' },
  { name: 'owner', type: 'string', doc: 'The account that owns the log group.', bounds: true },
  {
    name: 'subscriptionfilters',
    type: 'json',
    doc: 'Names of the subscription filters that the event passed.',
  },
  {
    name: 'policylevel',
    type: 'string',
    doc: 'The level of the subscription, as in `ACCOUNT_LEVEL_POLICY`.',
  },
  {
    name: 'extractedfields',
    type: 'json',
    doc: 'Fields that the subscription filter extracted from the event.',
  },
  { name: 'eventversion', type: 'string', path: 'eventVersion', doc: "The version of the event's format." },
]
