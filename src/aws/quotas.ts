import type { ServiceQuota, ServiceQuotas } from '@aws-sdk/client-service-quotas'
import type { AwsClients } from './clients.ts'

/** Every quota of Bedrock. @throws what Service Quotas answers */
export async function bedrockQuotas(quotas: ServiceQuotas): Promise<ServiceQuota[]> {
  const found: ServiceQuota[] = []
  let NextToken: string | undefined
  do {
    const page = await quotas.listServiceQuotas({
      ServiceCode: 'bedrock',
      MaxResults: 100,
      ...(NextToken ? { NextToken } : {}),
    })
    found.push(...(page.Quotas ?? []))
    NextToken = page.NextToken
  } while (NextToken)
  return found
}

/** The client of Service Quotas. */
export async function quotasOf(clients: AwsClients, region?: string): Promise<ServiceQuotas> {
  return await clients.of('servicequotas', region, async (settings) => {
    const { ServiceQuotas } = await import('@aws-sdk/client-service-quotas')
    return new ServiceQuotas(settings)
  })
}
