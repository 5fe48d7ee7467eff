import type { SSM } from '@aws-sdk/client-ssm'
import type { AwsClients } from './clients.ts'

export type { SSM }

/** The client of Systems Manager: preferences of Session Manager. */
export async function ssmOf(clients: AwsClients, region?: string): Promise<SSM> {
  return await clients.of('ssm', region, async (settings) => {
    const { SSM } = await import('@aws-sdk/client-ssm')
    return new SSM(settings)
  })
}
