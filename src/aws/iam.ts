import type { IAM } from '@aws-sdk/client-iam'
import type { AwsClients } from './clients.ts'

export type { IAM }

/** The client of IAM: roles and the permissions of their policies. */
export async function iamOf(clients: AwsClients, region?: string): Promise<IAM> {
  return await clients.of('iam', region, async (settings) => {
    const { IAM } = await import('@aws-sdk/client-iam')
    return new IAM(settings)
  })
}
