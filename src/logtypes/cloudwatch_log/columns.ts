import type { Column } from '../contract.ts'

export const columns: readonly Column[] = [
  {
    name: 'timestamp',
    type: 'timestamptz',
    doc: 'When the event happened, as its writer says.',
    bounds: true,
  },
  {
    name: 'id',
    type: 'string',
    doc: "CloudWatch Logs' own id of the event; made of its content where an export has none.",
  },
  {
    name: 'loggroup',
    type: 'string',
    doc: 'The log group; null for an export, which does not tell.',
    bounds: true,
  },
  {
    name: 'logstream',
    type: 'string',
    doc: 'The log stream; in an export, slashes in its name are dashes.',
    bounds: true,
  },
  { name: 'owner', type: 'string', doc: 'The account that owns the log group.', bounds: true },
  { name: 'message', type: 'string', doc: 'The message as it was logged.' },
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
    doc: 'Fields that the subscription filter extracted from the message.',
  },
]
