import { identitySection } from '../aws/identity.ts'
import { section, size, text, textLike } from '../lib/settings.ts'

/** The section `engines`: other engines that `loglake query --engine` can use. */
export function enginesSection() {
  return section(
    {
      athena: section(
        {
          workgroup: text(
            'The workgroup; it may set the place of results, and a limit on bytes read.',
          ).default('primary'),
          output: textLike(
            /^s3:\/\/[^/]+\/?/,
            's3://bucket/prefix is wanted',
            'The place of results, if the workgroup does not set it.',
          ).optional(),
          database: text('The database; by default `mirror.database`.').optional(),
          catalog: text('The data catalog.').default('AwsDataCatalog'),
          max_bytes: size('Bytes read after which a query is ended.').optional(),
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
          max_bytes: size('Bytes read after which a query is ended.').optional(),
        },
        'Trino.',
      ).prefault({}),
    },
    'Other engines on the same tables, for `loglake query --engine` and `loglake queries --engine`.',
  )
}
