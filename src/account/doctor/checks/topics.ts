import { kmsOf } from '../../../aws/kms.ts'
import { sh } from '../command.ts'
import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import type { DestinationFacts } from '../setup.ts'
import { guarded, isMissing } from '../trouble.ts'
import { disabled } from './queue-key.ts'

export const topics: Check = {
  name: 'topics',
  group: 'What leaves',
  title: 'Topics of SNS have confirmed subscribers',
  doc: 'Every destination of type sns: the topic exists, has a confirmed subscription, and its key is not the AWS-managed one, with which alarms of CloudWatch and EventBridge are dropped in silence.',
  permissions: ['sns:GetTopicAttributes', 'sns:ListSubscriptionsByTopic', 'kms:DescribeKey'],
  mends: 'The link in the mail of confirmation; another key.',
  aws: true,
  async run(premises) {
    const all = premises.setup.destinations.filter(({ topic }) => topic !== undefined)
    if (all.length === 0) return [none('no destination is a topic of SNS')]
    return (
      await Promise.all(
        all.map((one) =>
          guarded(
            `sns:GetTopicAttributes on ${one.topic}`,
            { about: one.topic, as: one.identity ?? {} },
            () => linesOf(premises, one),
          ),
        ),
      )
    ).flat()
  },
}

async function linesOf(
  premises: Premises,
  { topic: TopicArn = '', identity: as = {} }: DestinationFacts,
): Promise<Line[]> {
  const region = TopicArn.split(':')[3]
  const sns = await premises.aws(as).sns(region)
  const found = await sns.getTopicAttributes({ TopicArn }).catch((thrown) => {
    if (isMissing(thrown)) return undefined
    throw thrown
  })
  if (!found)
    return [
      not(
        'there is no such topic',
        {
          does: 'Make it, or correct it in loglake.yaml.',
          commands: [sh`aws sns create-topic --name ${TopicArn.split(':').at(-1)} --region ${region}`],
        },
        TopicArn,
      ),
    ]
  const { Subscriptions = [] } = await sns.listSubscriptionsByTopic({ TopicArn })
  const call = { as, service: 'sns' as const, region }
  const lines: Line[] = []
  if (Subscriptions.length === 0)
    lines.push(
      not(
        'it has no subscription',
        {
          does: 'Subscribe an address, which must be confirmed by the link in the mail.',
          commands: [
            sh`aws sns subscribe --topic-arn ${TopicArn} --protocol email --notification-endpoint YOU@EXAMPLE.COM --region ${region}`,
          ],
        },
        TopicArn,
      ),
    )
  const pending = Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation')
  if (Subscriptions.length > 0 && pending.length === Subscriptions.length)
    lines.push(
      not(
        `none of its ${pending.length} subscription${pending.length === 1 ? '' : 's'} is confirmed`,
        {
          does: 'Follow the link in the mail of confirmation; subscribing again sends another.',
          calls: pending.slice(0, 3).map(({ Protocol, Endpoint }) => ({
            ...call,
            action: 'Subscribe',
            input: { TopicArn, Protocol, NotificationEndpoint: Endpoint },
          })),
        },
        TopicArn,
      ),
    )
  const key = found.Attributes?.KmsMasterKeyId
  if (key?.includes('alias/aws/sns'))
    lines.push(
      not(
        'it is encrypted with the AWS-managed key alias/aws/sns: alarms of CloudWatch and rules of EventBridge cannot publish to it, without any error',
        {
          does: "Encrypt it with a key of one's own whose policy lets them, or not at all.",
          calls: [
            {
              ...call,
              action: 'SetTopicAttributes',
              input: { TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: '' },
            },
          ],
        },
        TopicArn,
      ),
    )
  else if (key) {
    lines.push(
      ...(await guarded(`kms:DescribeKey on ${key}`, { about: TopicArn, as }, async () => {
        const { KeyMetadata } = await (await kmsOf(premises.aws(as), region)).describeKey({ KeyId: key })
        const state = KeyMetadata?.KeyState ?? 'Enabled'
        return state === 'Enabled' ? [] : disabled(KeyMetadata?.Arn ?? key, state, as, region, TopicArn)
      })),
    )
  }
  return lines.length > 0 ? lines : [ok(`${Subscriptions.length - pending.length} confirmed`, TopicArn)]
}
