import type { Athena } from '@aws-sdk/client-athena'
import type { AwsClients } from './clients.ts'

export type { Athena }

/** The client of Athena: queries and their results. */
export async function athenaOf(clients: AwsClients, region?: string): Promise<Athena> {
  return await clients.of('athena', region, async (settings) => {
    const { Athena } = await import('@aws-sdk/client-athena')
    return new Athena(settings)
  })
}
