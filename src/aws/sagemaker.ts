import type { SageMaker } from '@aws-sdk/client-sagemaker'
import type { AwsClients } from './clients.ts'

export type { SageMaker }

/** The client of SageMaker: endpoints and their Data Capture. */
export async function sagemakerOf(clients: AwsClients, region?: string): Promise<SageMaker> {
  return await clients.of('sagemaker', region, async (settings) => {
    const { SageMaker } = await import('@aws-sdk/client-sagemaker')
    return new SageMaker(settings)
  })
}
