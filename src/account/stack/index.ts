import { Document, isMap, isScalar, isSeq, visit } from 'yaml'
import type { Part, Template } from './contract.ts'
import { events } from './parts/events.ts'
import { firehose } from './parts/firehose.ts'
import { glue } from './parts/glue.ts'
import { guardduty } from './parts/guardduty.ts'
import { key } from './parts/key.ts'
import { lakeBucket } from './parts/lake-bucket.ts'
import { logBucket } from './parts/log-bucket.ts'
import { metrics } from './parts/metrics.ts'
import { name } from './parts/name.ts'
import { notify } from './parts/notify.ts'
import { queue } from './parts/queue.ts'
import { role } from './parts/role.ts'
import { sessions } from './parts/sessions.ts'
import { trail } from './parts/trail.ts'
import { worker } from './parts/worker.ts'

/** Every part, in the order in which the plan prints them. */
export const parts: readonly Part[] = [
  name,
  key,
  queue,
  logBucket,
  trail,
  firehose,
  sessions,
  events,
  metrics,
  guardduty,
  lakeBucket,
  glue,
  role,
  worker,
  notify,
]

export type Section = 'parameters' | 'rules' | 'conditions' | 'resources' | 'outputs'

/** All entries of a section, from all parts. */
export function entriesOf<Name extends Section>(section: Name): NonNullable<Part[Name]> {
  return Object.assign({}, ...parts.map((part) => part[section] ?? {})) as NonNullable<Part[Name]>
}

/** The only template: its parameters decide what it creates. */
export function template(): Template {
  return {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: 'loglake: audit logs for AI on AWS, from where AWS writes them to a lake of Iceberg tables',
    Metadata: {
      'AWS::CloudFormation::Interface': {
        ParameterGroups: parts
          .filter(({ parameters }) => parameters !== undefined)
          .map(({ title, parameters }) => ({
            Label: { default: title },
            Parameters: Object.keys(parameters ?? {}),
          })),
      },
      // The worker's network is empty by default, and then no resource refers to it.
      'cfn-lint': { config: { ignore_checks: ['W1030'] } },
    },
    Parameters: entriesOf('parameters'),
    Rules: entriesOf('rules'),
    Conditions: entriesOf('conditions'),
    Resources: Object.fromEntries(
      Object.entries(entriesOf('resources')).map(([id, { does: _, ...resource }]) => [id, resource]),
    ),
    Outputs: entriesOf('outputs'),
  }
}

/** The text of `infra/loglake.yaml`, which the console accepts. */
export function templateYaml(): string {
  const head =
    '# Written from src/account/stack by `npm run infra`: change it there.\n# How to deploy it, by command or in the console: docs/aws.md\n'
  const document = new Document(template(), { aliasDuplicateObjects: false })
  visit(document, {
    // `{Ref: Name}` and lists of words are on one line, for readers and for fewer bytes.
    Collection(_, found) {
      const isShort = isMap(found)
        ? found.items.length === 1 && isScalar(found.items[0]?.value)
        : isSeq(found)
      if (isShort && (isMap(found) || found.items.every(isScalar))) found.flow = true
    },
  })
  return head + document.toString({ lineWidth: 110, flowCollectionPadding: false })
}

/** The text for CloudFormation: without spaces, because its limit is 51,200 bytes. */
export function templateJson(): string {
  return JSON.stringify(template())
}
