import type { Glue, Table as GlueTable, TableInput as GlueTableInput } from '@aws-sdk/client-glue'
import type { AwsClients } from './clients.ts'

export type { Glue, GlueTable, GlueTableInput }

/** The client of Glue: databases and tables. */
export async function glueOf(clients: AwsClients, region?: string): Promise<Glue> {
  return await clients.of('glue', region, async (settings) => {
    const { Glue } = await import('@aws-sdk/client-glue')
    return new Glue(settings)
  })
}
