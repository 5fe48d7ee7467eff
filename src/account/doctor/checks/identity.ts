import { troubleOf } from '../../../aws/errors.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok } from '../contract.ts'
import { who } from '../facts.ts'
import { identitiesOf, onAws } from '../setup.ts'
import { troubleLine } from '../trouble.ts'
import { listed } from '../words.ts'

export const identity: Check = {
  name: 'identity',
  group: 'Who we are',
  title: 'AWS knows who we are',
  doc: 'Asks STS who signs our requests, for every identity of loglake.yaml, and in which Region. The root user of an account is nobody to run a service as.',
  // Every identity may call it; it cannot be denied.
  permissions: ['sts:GetCallerIdentity'],
  mends: 'Log in, or name a profile, a role and a Region.',
  async run(premises) {
    if (!onAws(premises.setup)) return [none('no source, lake or destination of loglake.yaml is on AWS')]
    return await Promise.all(
      identitiesOf(premises.setup).map(async ({ identity: as, users }): Promise<Line> => {
        const about = listed(users)
        try {
          const { arn, region, account } = await who(premises, as)
          if (arn.endsWith(':root'))
            return not(
              `it is the root user of ${account}, who can do anything`,
              {
                does: 'Make a role for loglake, and name it under `identity`.',
                commands: ['loglake config'],
              },
              about,
            )
          return ok(`${arn}, in ${region}`, about)
        } catch (thrown) {
          const line = troubleLine(thrown, { about, doing: 'sts:GetCallerIdentity', as, state: 'not' })
          return {
            ...line,
            says: line.says.replace(/^cannot tell: /, ''),
            fix: { ...line.fix, does: line.fix?.does ?? '', commands: commandsFor(thrown, as.profile) },
          }
        }
      }),
    )
  },
}

function commandsFor(thrown: unknown, profile: string | undefined): string[] {
  const option = profile === undefined ? '' : sh` --profile ${profile}`
  switch (troubleOf(thrown)) {
    case 'clock':
      return ['sudo timedatectl set-ntp true']
    case 'no Region':
      return ['export AWS_REGION=eu-central-1']
    case 'no credentials':
    case 'expired':
      return [`aws sso login${option}`]
    default:
      return [`aws sts get-caller-identity${option}`]
  }
}
