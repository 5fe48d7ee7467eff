import { type Denial, type DenyingPolicy, whoToAsk } from '../../../aws/denial.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok } from '../contract.ts'
import { onAws } from '../setup.ts'
import { listed, together } from '../words.ts'

/** Policies that loglake's administrator usually cannot change. */
const OF_OTHERS: readonly DenyingPolicy[] = [
  'service control',
  'resource control',
  'VPC endpoint',
  'boundary',
  'session',
]

export const denied: Check = {
  name: 'denied',
  group: 'Cost and denials',
  title: 'No policy of other administrators denies access',
  doc: 'Reads the answers in which AWS denied something to any check: whether a service or resource control policy, a permissions boundary, a session policy or the policy of a VPC endpoint did, which one, for what, and whom to ask.',
  permissions: [],
  mends: 'A word with the administrators of the organisation, or those of the network.',
  aws: true,
  last: true,
  async run({ setup, denials }) {
    if (!onAws(setup)) return [none('nothing is on AWS')]
    const others = denials.filter(({ denial }) => OF_OTHERS.includes(denial.policy))
    if (others.length === 0)
      return [
        ok(
          denials.length === 0
            ? 'AWS denied nothing'
            : `AWS denied ${denials.length} request${denials.length === 1 ? '' : 's'}, each by a policy of this account`,
        ),
      ]
    const byPolicy = together(
      others,
      ({ denial }) => `${denial.policy} ${denial.policyArn ?? ''} ${denial.explicit}`,
    )
    return [...byPolicy.values()].map((some): Line => {
      const { denial } = some[0] as { denial: Denial }
      const actions = [...new Set(some.map((one) => one.denial.action ?? one.check))]
      const named =
        denial.policyArn ?? `a ${denial.policy}${/policy|boundary/.test(denial.policy) ? '' : ' policy'}`
      return not(
        `${named} ${denial.explicit ? 'denies' : 'does not allow'} ${listed(actions)}`,
        {
          does: `Ask ${whoToAsk(denial)} What AWS says: ${denial.said}`.replace(
            /([^.:])( What AWS says)/,
            '$1.$2',
          ),
          commands: commandsFor(denial),
        },
        denial.principal,
      )
    })
  },
}

function commandsFor({ policy, policyArn }: Denial): string[] {
  switch (policy) {
    case 'service control':
    case 'resource control': {
      const id = policyArn?.split('/').at(-1)
      return id === undefined
        ? [
            sh`aws organizations list-policies --filter ${policy === 'service control' ? 'SERVICE_CONTROL_POLICY' : 'RESOURCE_CONTROL_POLICY'}`,
          ]
        : [sh`aws organizations describe-policy --policy-id ${id}`]
    }
    case 'VPC endpoint':
      return ["aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[ServiceName,PolicyDocument]'"]
    default:
      return []
  }
}
