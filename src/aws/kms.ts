import type { KMS } from '@aws-sdk/client-kms'
import type { AwsClients } from './clients.ts'

export type { KMS }

/** The client of KMS: keys and their policies. */
export async function kmsOf(clients: AwsClients, region?: string): Promise<KMS> {
  return await clients.of('kms', region, async (settings) => {
    const { KMS } = await import('@aws-sdk/client-kms')
    return new KMS(settings)
  })
}
