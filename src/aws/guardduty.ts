import type { GuardDuty } from '@aws-sdk/client-guardduty'
import type { AwsClients } from './clients.ts'

export type { GuardDuty }

/** The client of GuardDuty: detectors and where findings are exported to. */
export async function guarddutyOf(clients: AwsClients, region?: string): Promise<GuardDuty> {
  return await clients.of('guardduty', region, async (settings) => {
    const { GuardDuty } = await import('@aws-sdk/client-guardduty')
    return new GuardDuty(settings)
  })
}
