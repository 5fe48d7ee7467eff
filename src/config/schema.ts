import { z } from 'zod'
import { identitySection } from '../aws/identity.ts'
import { oneOf, patterns, section, size, text, whole } from '../lib/settings.ts'
import { sourcesSection } from './sources.ts'

/** Every key of `loglake.yaml`: what it means, what it may be, what it is when nobody says. */
export const configSchema = z
  .strictObject(
    {
      lake: text(
        'Where the lake is: a folder, from the folder of this file on, or `s3://bucket/prefix`.',
      ).default('./lake'),
      variables: z
        .record(
          z.string().regex(/^[A-Za-z_]\w*$/, 'a name of letters, digits and _ is wanted'),
          z.union([z.string(), z.number(), z.boolean()], 'a text is wanted').transform(String),
          'names with their values are wanted',
        )
        .describe(
          'Names and what they stand for, written as a dollar and the name in braces anywhere in this file. The environment comes before it.',
        )
        .default({}),
      sources: sourcesSection(),
      run: section(
        {
          port: whole(0, 'The port on this machine for /healthz, /readyz and /metrics; 0 for none.').default(
            9464,
          ),
        },
        'What `loglake run` does besides.',
      ).prefault({}),
      storage: section(
        {
          identity: identitySection(
            'Who we are to the bucket; by default who the AWS CLI would be.',
          ).prefault({}),
          kms_key: text(
            "A KMS key, by its id, alias or ARN, that every file is encrypted with; by default the bucket's own encryption.",
          ).optional(),
          object_lock: section(
            {
              mode: oneOf(
                ['governance', 'compliance'],
                'Who may end it: those with s3:BypassGovernanceRetention, or nobody.',
              ).default('governance'),
              days: whole(1, 'Days that a file cannot be deleted for, from when it is written.'),
            },
            'Object lock on every file that is written. The bucket must have it enabled.',
          ).optional(),
          cache: section(
            {
              folder: text(
                'The folder for copies of files, from the folder of this file on; processes share it. By default `loglake` in the cache folder of the user.',
              ).optional(),
              bytes: size('Most bytes of copies; the files of one question may go beyond it.').prefault(
                '10GiB',
              ),
            },
            'Copies of files on this machine, for reading.',
          ).prefault({}),
        },
        'How a lake on S3 is reached and kept.',
      ).prefault({}),
      views: text(
        "A folder of .sql files, each a view of one's own, from the folder of this file on.",
      ).optional(),
      prices: text('A CSV file with prices of models, beside the list that loglake brings along.').optional(),
      logtypes: text(
        "A folder with log types of one's own, a folder each, from the folder of this file on.",
      ).optional(),
      ingest: section(
        {
          threads: whole(
            1,
            'Threads that read logs; by default as many as the machine has cores.',
          ).optional(),
          memory: size('Most memory of the engine that reads logs.').prefault('640MiB'),
          batch: section(
            {
              bytes: size('A commit is made with so many unzipped bytes of logs.').prefault('192MiB'),
              objects: whole(1, 'Or with so many objects, whichever comes first.').default(2000),
            },
            'How much is committed at once.',
          ).prefault({}),
          max_object_bytes: size(
            'Most bytes that one object may unzip to; a larger one is rejected.',
          ).prefault('1GiB'),
          include: patterns('Only objects whose name matches one of these patterns are read.').default([]),
          exclude: patterns('Objects whose name matches one of these patterns are left out.').default([]),
        },
        'How logs are read.',
      ).prefault({}),
      query: section(
        {
          memory: size('Most memory for a question; by default most of what the machine has.').optional(),
          threads: whole(
            1,
            'Threads for a question; by default as many as the machine has cores.',
          ).optional(),
          format: oneOf(['table', 'json', 'ndjson', 'csv', 'markdown'], 'How answers are written.').default(
            'table',
          ),
        },
        'How questions are answered.',
      ).prefault({}),
      retention: section(
        {
          snapshots_days: whole(0, 'Earlier versions of the lake can be asked for so many days.').default(7),
          grace_hours: whole(
            0,
            'Files that no version names are removed once they are so old: a younger one may belong to a commit under way.',
          ).default(24),
        },
        'What `loglake vacuum` keeps.',
      ).prefault({}),
    },
    'keys and values are wanted',
  )
  .describe('Configuration of loglake. Every key has a default; an unknown key is an error.')

export type Config = z.output<typeof configSchema>
