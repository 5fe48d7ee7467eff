import { identitySection } from '../../aws/identity.ts'
import { section, text, textLike, whole, yesNo } from '../../lib/settings.ts'

/** The section `mirror`: the catalog that shows the lake's tables. */
export function mirrorSection() {
  return section(
    {
      database: textLike(
        /^[a-z][a-z0-9_]{0,127}$/,
        'a name of small letters, digits and _ is wanted',
        'The database of the Glue Data Catalog that tables and views are in.',
      ).default('loglake'),
      create_database: yesNo('Whether it is created when it does not exist.').default(true),
      catalog_id: textLike(
        /^\d{12}(:\S+)?$/,
        'the id of an account is wanted',
        "The Data Catalog's account; by default our own.",
      ).optional(),
      views: yesNo('Whether views are mirrored too, in the form of Athena and Trino.').default(true),
      view_catalog: text(
        'The name of the Data Catalog in the engine, in which names in views are looked up. In Athena it is `awsdatacatalog`.',
      ).default('awsdatacatalog'),
      seconds: whole(1, 'Seconds between two checks whether the lake has changed.').default(30),
      identity: identitySection('Who we are to Glue; by default who we are to the lake.').optional(),
    },
    'The Glue Data Catalog, which Athena, Trino, Spark and Redshift read the lake through: `loglake run` keeps it at the newest version.',
  )
}

export type MirrorSettings = NonNullable<ReturnType<typeof mirrorSection>['_output']>
