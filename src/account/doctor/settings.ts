import { z } from 'zod'
import { names, section, text, textLike, whole } from '../../lib/settings.ts'

/** The section `doctor` of the configuration. */
export function doctorSection() {
  return section(
    {
      leave_out: names(
        'Checks that are not wanted here, by their names, as in ["guardduty"] where there is no GuardDuty.',
      ).default([]),
      regions: z
        .array(
          textLike(/^[a-z]{2}(-[a-z]+)+-\d$/, 'a Region is wanted, as in eu-central-1', 'A Region.'),
          'a list of Regions is wanted',
        )
        .describe('Regions whose services are looked at; by default the one that requests go to.')
        .default([]),
      buckets: names(
        'Buckets that a queue announces objects of; by default those that the ledger and the policy of the queue name.',
      ).default([]),
      log_groups: names(
        'Log groups of CloudWatch Logs that a subscription is to send on, besides those of Session Manager.',
      ).default([]),
      models: names(
        'Models or inference profiles of Bedrock that questions and analyses use, by their ids.',
      ).default([]),
      batch_role: textLike(
        /^arn:aws[\w-]*:iam::\d{12}:role\/\S+$/,
        'the ARN of a role is wanted, as in arn:aws:iam::111122223333:role/loglake-batch',
        'The role that batch jobs of Bedrock take on.',
      ).optional(),
      glue_database: text(
        'The database of Glue that has the tables of the lake; by default that of `mirror`.',
      ).optional(),
      newest_hours: whole(1, 'Hours without a new object after which a source counts as stopped.').default(
        24,
      ),
      marker_seconds: whole(
        1,
        'With --write: how long a marker may take from its bucket into the ledger.',
      ).default(60),
    },
    'What `loglake doctor` looks at.',
  )
}

export type DoctorSettings = z.output<ReturnType<typeof doctorSection>>
