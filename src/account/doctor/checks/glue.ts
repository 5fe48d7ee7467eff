import { type Glue, glueOf } from '../../../aws/glue.ts'
import { lakeFormationOf } from '../../../aws/lake-formation.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { type Place, placeOf, placesOf } from '../facts.ts'
import { guarded, ifThere } from '../trouble.ts'
import { listed } from '../words.ts'
import { roleArnOf } from './role.ts'

export const glue: Check = {
  name: 'glue',
  group: 'What leaves',
  title: 'Glue has the tables of the lake, at their newest',
  doc: 'The database of `doctor.glue_database`: it is there, every table of the lake is in it and points to the metadata file that the lake has as its newest, and where Lake Formation rules, we were granted something.',
  permissions: ['glue:GetDatabase', 'glue:GetTables', 'lakeformation:ListPermissions'],
  mends: '`loglake mirror`; a grant of Lake Formation.',
  aws: true,
  async run(premises) {
    const { settings, lake } = premises.setup
    const name = settings.glue_database
    if (name === undefined) return [none('loglake.yaml names no database of Glue (doctor.glue_database)')]
    const place = lake.s3 ? await placeOf(premises, lake.s3.identity) : (await placesOf(premises))[0]
    if (!place) return [none('there is no account to look at')]
    return await guarded(`glue:GetDatabase on ${name}`, { about: name, as: place.identity }, () =>
      linesOf(premises, place, name),
    )
  },
}

async function linesOf(premises: Premises, place: Place, name: string): Promise<Line[]> {
  const { identity: as, region } = place
  const client = await glueOf(premises.aws(as), region)
  if (!(await ifThere(client.getDatabase({ Name: name }))))
    return [
      not(
        `there is no database ${name} in ${region}`,
        {
          does: 'Make it, then mirror the tables.',
          ours: true,
          calls: [
            {
              as,
              service: 'glue',
              action: 'CreateDatabase',
              region,
              input: { DatabaseInput: { Name: name } },
            },
          ],
          commands: ['loglake mirror'],
        },
        name,
      ),
    ]
  const grant = await grantLines(premises, place, name)
  const wanted = await premises.setup.known.metadata()
  const there = await tablesOf(client, name)
  const missing = [...wanted.keys()].filter((table) => !there.has(table))
  const stale = [...wanted]
    .filter(([table, location]) => there.has(table) && there.get(table) !== location)
    .map(([table]) => table)
  const mirror = { does: 'Mirror now.', commands: ['loglake mirror'], ours: true as const }
  const lines = [
    ...(missing.length > 0
      ? [not(`${listed(missing)} ${missing.length === 1 ? 'is' : 'are'} not in it`, mirror, name)]
      : []),
    ...(stale.length > 0
      ? [
          not(
            `${listed(stale)} ${stale.length === 1 ? 'points' : 'point'} to metadata that is not the newest`,
            mirror,
            name,
          ),
        ]
      : []),
    ...grant,
  ]
  return lines.length > 0 ? lines : [ok(`${wanted.size} tables, all at their newest`, name)]
}

async function tablesOf(client: Glue, DatabaseName: string): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  let NextToken: string | undefined
  do {
    const page = await client.getTables({ DatabaseName, ...(NextToken === undefined ? {} : { NextToken }) })
    for (const { Name = '', Parameters = {} } of page.TableList ?? [])
      found.set(Name, Parameters.metadata_location ?? '')
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  return found
}

/**
 * Permissions on the database where Lake Formation decides: for everybody whom IAM allows, or only for those
 * who were granted them.
 */
async function grantLines(
  premises: Premises,
  { identity: as, region, arn }: Place,
  Name: string,
): Promise<Line[]> {
  return await guarded(`lakeformation:ListPermissions on ${Name}`, { about: Name, as }, async () => {
    const client = await lakeFormationOf(premises.aws(as), region)
    const { PrincipalResourcePermissions = [] } = await client.listPermissions({
      ResourceType: 'DATABASE',
      Resource: { Database: { Name } },
    })
    // Without any grant, IAM alone decides.
    if (PrincipalResourcePermissions.length === 0) return []
    const us = roleArnOf(arn) ?? arn
    const holds = PrincipalResourcePermissions.some(({ Principal }) =>
      ['IAM_ALLOWED_PRINCIPALS', us].includes(Principal?.DataLakePrincipalIdentifier ?? ''),
    )
    if (holds) return []
    return not(
      `Lake Formation decides who uses it, and has granted ${us} nothing`,
      {
        does: 'Grant it, as an administrator of the data lake.',
        calls: [
          {
            as,
            service: 'lakeformation',
            action: 'GrantPermissions',
            region,
            input: {
              Principal: { DataLakePrincipalIdentifier: us },
              Resource: { Database: { Name } },
              Permissions: ['DESCRIBE', 'CREATE_TABLE', 'ALTER'],
            },
          },
        ],
      },
      Name,
    )
  })
}
