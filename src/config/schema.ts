import { z } from 'zod'
import { doctorSection } from '../account/doctor/settings.ts'
import { analyzeSection } from '../analyze/settings.ts'
import { identitySection } from '../aws/identity.ts'
import { deliverSection, destinationsSection, routesSection } from '../deliver/settings.ts'
import { detectSection } from '../detect/settings.ts'
import { digestsSection } from '../digests/settings.ts'
import { mirrorSection } from '../engines/mirror/settings.ts'
import { enginesSection } from '../engines/settings.ts'
import { names, oneOf, patterns, section, size, text, whole, yesNo } from '../lib/settings.ts'
import { modelSection } from '../model/settings.ts'
import { formatNames } from '../query/format-names.ts'
import { reviewSection } from '../review/settings.ts'
import { serveSection } from '../server/settings.ts'
import { logSection } from '../witness/settings.ts'
import { sourcesSection } from './sources.ts'

/** All keys of `loglake.yaml`: their meaning, types and defaults. */
export const configSchema = z
  .strictObject(
    {
      lake: text('The lake: a folder, relative to this file, or `s3://bucket/prefix`.').default('./lake'),
      variables: z
        .record(
          z.string().regex(/^[A-Za-z_]\w*$/, 'a name of letters, digits and _ is wanted'),
          z.union([z.string(), z.number(), z.boolean()], 'a text is wanted').transform(String),
          'names with their values are wanted',
        )
        .describe(
          'Variables and their values, used as a dollar and the name in braces anywhere in this file. The environment takes precedence.',
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
            'The AWS identity for the bucket; by default that of the AWS CLI.',
          ).prefault({}),
          kms_key: text(
            "A KMS key, by its id, alias or ARN, that every file is encrypted with; by default the bucket's own encryption.",
          ).optional(),
          object_lock: section(
            {
              mode: oneOf(
                ['governance', 'compliance'],
                'Who may end it early: identities with s3:BypassGovernanceRetention, or no one.',
              ).default('governance'),
              days: whole(1, 'Days that a file cannot be deleted for, from when it is written.'),
            },
            'Object lock on every file that is written. The bucket must have it enabled.',
          ).optional(),
          cache: section(
            {
              folder: text(
                'The folder for copies of files, relative to this file; processes share it. By default `loglake` in the cache folder of the user.',
              ).optional(),
              bytes: size('Most bytes of copies; the files of one query may exceed it.').prefault('10GiB'),
            },
            'Copies of files on this machine, for reading.',
          ).prefault({}),
        },
        'Access to a lake on S3, and its protection.',
      ).prefault({}),
      views: text('A folder of .sql files, each a view of your own, relative to this file.').optional(),
      prices: text('A CSV file with prices of models, in addition to the list in loglake.').optional(),
      logtypes: text(
        'A folder with log types of your own, one folder each, relative to this file.',
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
              bytes: size('A commit is made at this many unzipped bytes of logs.').prefault('192MiB'),
              objects: whole(1, 'Or at this many objects, whichever comes first.').default(2000),
            },
            'The size of one commit.',
          ).prefault({}),
          max_object_bytes: size(
            'Most bytes that one object may unzip to; a larger one is rejected.',
          ).prefault('256MiB'),
          include: patterns('Only objects whose name matches one of these patterns are read.').default([]),
          exclude: patterns('Objects whose name matches one of these patterns are excluded.').default([]),
        },
        'How logs are read.',
      ).prefault({}),
      query: section(
        {
          memory: size('Most memory for a query; by default half of the free memory.').optional(),
          threads: whole(1, 'Threads for a query; by default as many as the machine has cores.').optional(),
          seconds: whole(
            1,
            'Seconds after which a query is ended; without it, there is no limit.',
          ).optional(),
          format: oneOf(formatNames, 'How answers are written.').default('table'),
        },
        'How questions are answered.',
      ).prefault({}),
      retention: section(
        {
          snapshots_days: whole(0, 'Days for which earlier versions of the lake can be queried.').default(7),
          grace_hours: whole(
            0,
            'Age at which files that no version names are removed: a younger one may belong to a commit under way.',
          ).default(24),
          days: z
            .record(z.string(), whole(1, 'Days.'), 'tables with their days are wanted')
            .describe(
              'Days that rows are kept, by table, as in {"cloudtrail": 400}: `loglake retention` removes older ones.',
            )
            .default({}),
          follower_days: whole(
            1,
            'Days after which a follower that has rows to read but does not move is let go, so that its files can be compacted.',
          ).default(30),
        },
        'What `loglake vacuum` and `loglake compact` keep.',
      ).prefault({}),
      compact: section(
        {
          on: yesNo('Whether `loglake run` also merges small files into large ones.').default(true),
          seconds: whole(1, 'Seconds between two searches for files that are due.').default(300),
          files: whole(2, 'Small files of about one size in a day at which they are merged.').default(16),
          age_hours: whole(
            0,
            'Time after the end of a day at which all its small files are merged, and the filters of its keys are grouped.',
          ).default(24),
          bytes: size('The size that merged files are filled up to.').prefault('128MiB'),
          groups: whole(1, 'Most groups of files merged in one round.').default(20),
          memory: size(
            'Most memory of the engine that merges files; beyond it, data is spilled to disk.',
          ).prefault('512MiB'),
          threads: whole(1, 'Its threads.').default(1),
        },
        'How `loglake run` keeps files large: in small steps, each a commit of its own, while sources and followers continue.',
      ).prefault({}),
      follow: section(
        {
          off: names('Names of followers that `loglake run` does not run, as in ["summaries"].').default([]),
          seconds: whole(
            0,
            'Seconds that a follower waits between two turns, so that many commits become one turn.',
          ).default(30),
          turn_bytes: size('Most bytes of data files that a follower reads in a turn.').prefault('256MiB'),
          memory: size("Most memory of a follower's engine.").prefault('256MiB'),
          threads: whole(1, 'Threads of a follower.').default(1),
        },
        'How followers work, which compute summaries and the like from new rows.',
      ).prefault({}),
      digests: digestsSection().prefault({}),
      log: logSection().prefault({}),
      review: reviewSection().prefault({}),
      serve: serveSection().prefault({}),
      destinations: destinationsSection(),
      routes: routesSection(),
      deliver: deliverSection().prefault({}),
      detect: detectSection(),
      doctor: doctorSection().prefault({}),
      mirror: mirrorSection().optional(),
      model: modelSection().prefault({}),
      analyze: analyzeSection().prefault({}),
      engines: enginesSection().prefault({}),
    },
    'keys and values are wanted',
  )
  .describe('Configuration of loglake. Every key has a default; an unknown key is an error.')

export type Config = z.output<typeof configSchema>
