import type { CloudFormation } from '@aws-sdk/client-cloudformation'
import type { AwsClients } from './clients.ts'

export type { CloudFormation }

/** The client of CloudFormation: stacks and change sets. */
export async function cloudformationOf(clients: AwsClients, region?: string): Promise<CloudFormation> {
  return await clients.of('cloudformation', region, async (settings) => {
    const { CloudFormation } = await import('@aws-sdk/client-cloudformation')
    return new CloudFormation(settings)
  })
}
