import type { Bedrock } from '@aws-sdk/client-bedrock'
import type { AwsClients } from './clients.ts'

export type { Bedrock }

/** The client of Bedrock: logging of invocations, models. */
export async function bedrockOf(clients: AwsClients, region?: string): Promise<Bedrock> {
  return await clients.of('bedrock', region, async (settings) => {
    const { Bedrock } = await import('@aws-sdk/client-bedrock')
    return new Bedrock(settings)
  })
}
