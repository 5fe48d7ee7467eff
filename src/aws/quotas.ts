import type { ServiceQuotas } from '@aws-sdk/client-service-quotas'
import type { AwsClients } from './clients.ts'

export type { ServiceQuotas }

/** The client of Service Quotas. */
export async function quotasOf(clients: AwsClients, region?: string): Promise<ServiceQuotas> {
  return await clients.of('servicequotas', region, async (settings) => {
    const { ServiceQuotas } = await import('@aws-sdk/client-service-quotas')
    return new ServiceQuotas(settings)
  })
}
