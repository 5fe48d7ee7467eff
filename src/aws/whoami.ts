import type { AwsClients } from './clients.ts'

/** The identity that signs our requests, and the deviation of this machine's clock from AWS's. */
export interface WhoAmI {
  /** `arn:aws:sts::111122223333:assumed-role/loglake/session` */
  arn: string
  account: string
  region: string
  /**
   * Milliseconds that this machine's clock is ahead of AWS's, to a second; undefined where the answer had no
   * date.
   */
  aheadMs: number | undefined
}

/** Asks STS, which needs no permission. Throws the SDK's errors. */
export async function whoAmI(clients: AwsClients): Promise<WhoAmI> {
  const sts = await clients.sts()
  const region = await sts.config.region()
  let date: string | undefined
  const listen = (next: (args: unknown) => Promise<{ response: unknown }>) => async (args: unknown) => {
    const result = await next(args)
    const { headers } = result.response as { headers?: Record<string, string> }
    date = headers?.date
    return result
  }
  sts.middlewareStack.add(listen as never, {
    step: 'deserialize',
    name: 'dateOfAnswer',
    priority: 'low',
    override: true,
  })
  const { Arn = '', Account = '' } = await sts.getCallerIdentity({})
  // A date has whole seconds: adding half of one makes the error smallest.
  const theirsMs = date === undefined ? Number.NaN : Date.parse(date) + 500
  return {
    arn: Arn,
    account: Account,
    region,
    aheadMs: Number.isNaN(theirsMs) ? undefined : Date.now() - theirsMs,
  }
}
