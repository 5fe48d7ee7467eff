import type { LakeFormation } from '@aws-sdk/client-lakeformation'
import type { AwsClients } from './clients.ts'

export type { LakeFormation }

/** The client of Lake Formation: grants of permissions. */
export async function lakeFormationOf(clients: AwsClients, region?: string): Promise<LakeFormation> {
  return await clients.of('lakeformation', region, async (settings) => {
    const { LakeFormation } = await import('@aws-sdk/client-lakeformation')
    return new LakeFormation(settings)
  })
}
