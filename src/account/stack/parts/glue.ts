import type { Part } from '../contract.ts'
import { and, equals, holds, lakeUri, ref, sub, yesNo } from '../words.ts'

/** The database in which Athena, Trino and Spark find the tables. */
export const glue: Part = {
  name: 'glue',
  title: 'Glue',
  parameters: {
    Glue: yesNo('yes', 'A Glue database that loglake mirrors its tables into, for Athena and other engines.'),
  },
  conditions: { Mirror: and(equals(ref('Glue'), 'yes'), holds('Lake')) },
  resources: {
    Database: {
      Type: 'AWS::Glue::Database',
      does: 'where Athena and other engines find the tables of the lake',
      Condition: 'Mirror',
      Properties: {
        CatalogId: ref('AWS::AccountId'),
        DatabaseInput: {
          Name: sub('${Name}'),
          Description: 'Tables of the lake, mirrored by loglake: to be read only',
          LocationUri: lakeUri,
        },
      },
    },
  },
  outputs: { Database: { Description: 'The Glue database.', Condition: 'Mirror', Value: ref('Database') } },
}
