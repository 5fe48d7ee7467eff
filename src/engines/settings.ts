import { identitySection } from '../aws/identity.ts'
import { section, size, text, textLike } from '../lib/settings.ts'

/** The section `engines`: engines of others that `loglake query --engine` asks. */
export function enginesSection() {
  return section(
    {
      athena: section(
        {
          workgroup: text('The workgroup; it may say where answers go, and how much one may read.').default(
            'primary',
          ),
          output: textLike(
            /^s3:\/\/[^/]+\/?/,
            's3://bucket/prefix is wanted',
            'Where Athena writes answers, where the workgroup does not say.',
          ).optional(),
          database: text('The database; by default `mirror.database`.').optional(),
          catalog: text('The data catalog.').default('AwsDataCatalog'),
          max_bytes: size('A question is ended once it has read so much.').optional(),
          identity: identitySection('Who we are to Athena; by default who we are to the lake.').optional(),
        },
        'Athena, over the tables that `mirror` keeps in the Glue Data Catalog.',
      ).prefault({}),
      trino: section(
        {
          url: textLike(
            /^https?:\/\/[^\s/]+/,
            'a URL is wanted',
            'The coordinator, as in https://trino.example.com.',
          ).optional(),
          user: text('The user.').default('loglake'),
          password: text('A password, for HTTPS; from the environment or a file.').optional(),
          token: text('A JSON Web Token in its place.').optional(),
          catalog: text('The catalog with the lake.').default('loglake'),
          schema: text('The schema with its tables.').default('loglake'),
          max_bytes: size('A question is ended once it has read so much.').optional(),
        },
        'Trino.',
      ).prefault({}),
    },
    'Engines of others on the same tables, for `loglake query --engine` and `loglake queries --engine`.',
  )
}

export type EnginesSettings = ReturnType<typeof enginesSection>['_output']
