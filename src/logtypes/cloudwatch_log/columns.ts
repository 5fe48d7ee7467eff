import type { Column } from '../contract.ts'

export const columns: readonly Column[] = [
  {
    name: 'timestamp',
    type: 'timestamptz',
    doc: 'When the event happened, by the timestamp of its writer.',
    bounds: true,
  },
  {
    name: 'id',
    type: 'string',
    doc: "CloudWatch Logs' own id of the event; a hash of its content for an export, which has none.",
    holds: 'key',
  },
  {
    name: 'loggroup',
    type: 'string',
    doc: 'The log group; null for an export, which does not contain it.',
    bounds: true,
    content: true,
    holds: 'key',
  },
  {
    name: 'logstream',
    type: 'string',
    doc: 'The log stream; in an export, slashes in its name are dashes.',
    bounds: true,
    content: true,
    holds: 'key',
  },
  {
    name: 'owner',
    type: 'string',
    doc: 'The account that owns the log group.',
    bounds: true,
    holds: 'account',
  },
  {
    name: 'message',
    type: 'string',
    doc: 'The message as it was logged.',
    content: true,
    holds: ['outside', 'person', 'address', 'secret'],
    text: 'document',
  },
  {
    name: 'subscriptionfilters',
    type: 'json',
    doc: 'Names of the subscription filters that the event matched.',
    holds: 'plain',
  },
  {
    name: 'policylevel',
    type: 'string',
    doc: 'The level of the subscription, as in `ACCOUNT_LEVEL_POLICY`.',
    holds: 'plain',
  },
  {
    name: 'extractedfields',
    type: 'json',
    doc: 'Fields that the subscription filter extracted from the message.',
    holds: 'outside',
  },
]
