import type { AwsClients } from './clients.ts'

/** Who signs our requests, and what AWS's clock said meanwhile. */
export interface WhoAmI {
  /** `arn:aws:sts::111122223333:assumed-role/loglake/session` */
  arn: string
  account: string
  region: string
  /** Milliseconds that this machine's clock is ahead of AWS's, to a second; undefined where the answer had no date. */
  aheadMs: number | undefined
}

/** Asks STS, which everybody may. Throws what the SDK throws. */
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
  // A date has whole seconds: half of one is the least error.
  const theirsMs = date === undefined ? Number.NaN : Date.parse(date) + 500
  return {
    arn: Arn,
    account: Account,
    region,
    aheadMs: Number.isNaN(theirsMs) ? undefined : Date.now() - theirsMs,
  }
}
