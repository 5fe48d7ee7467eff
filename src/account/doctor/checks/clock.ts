import { type Check, type Line, not, ok, unknown } from '../contract.ts'
import { who } from '../facts.ts'
import { identitiesOf } from '../setup.ts'
import { age } from '../words.ts'

/** AWS refuses signatures that are off by five minutes: a warning comes at two. */
const MAX_MS = 120_000

export const clock: Check = {
  name: 'clock',
  group: 'This machine',
  title: "This machine's clock is right",
  doc: 'Holds the clock against the date of an answer of AWS. Requests are refused when it is off by five minutes, and the times of commits are wrong before that.',
  permissions: ['sts:GetCallerIdentity'],
  mends: 'Set the clock by NTP.',
  aws: true,
  async run(premises) {
    for (const { identity } of identitiesOf(premises.setup)) {
      const me = await who(premises, identity).catch(() => undefined)
      if (me?.aheadMs !== undefined) return [clockLine(me.aheadMs)]
    }
    return [unknown('no answer of AWS had a date')]
  },
}

function clockLine(aheadMs: number): Line {
  const off = `${age(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'} AWS`
  if (Math.abs(aheadMs) <= MAX_MS) return ok(Math.abs(aheadMs) < 2_000 ? 'as AWS has it' : off)
  return not(`it is ${off}`, { does: 'Set the clock.', commands: ['sudo timedatectl set-ntp true'] })
}
