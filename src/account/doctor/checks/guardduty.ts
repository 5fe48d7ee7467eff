import { guarddutyOf } from '../../../aws/guardduty.ts'
import { sh } from '../command.ts'
import { type Check, type Line, not, ok, type Premises } from '../contract.ts'
import { type Place, placesOf, queueOf, queueSources } from '../facts.ts'
import { guarded } from '../trouble.ts'

export const guardduty: Check = {
  name: 'guardduty',
  group: 'Logs are recorded',
  title: 'GuardDuty is on, and its findings are exported',
  doc: 'A detector that is enabled, Region by Region, whose findings are exported to a bucket or sent by a rule of EventBridge that is enabled and has a target.',
  permissions: [
    'guardduty:ListDetectors',
    'guardduty:GetDetector',
    'guardduty:ListPublishingDestinations',
    'events:ListRules',
    'events:ListTargetsByRule',
  ],
  mends:
    '`aws guardduty create-publishing-destination`, or a rule of EventBridge with our queue as its target.',
  aws: true,
  async run(premises) {
    const all = await Promise.all(
      (await placesOf(premises)).map((place) => {
        const about = `${place.account} ${place.region}`
        return guarded(`guardduty:ListDetectors in ${place.region}`, { about, as: place.identity }, () =>
          linesOf(premises, place, about),
        )
      }),
    )
    return all.flat()
  },
}

async function linesOf(premises: Premises, place: Place, about: string): Promise<Line[]> {
  const { identity: as, region } = place
  const guard = await guarddutyOf(premises.aws(as), region)
  const { DetectorIds: [DetectorId] = [] } = await guard.listDetectors({})
  const call = { as, service: 'guardduty' as const, region }
  if (DetectorId === undefined)
    return [
      not(
        'GuardDuty is off',
        {
          does: 'Switch it on.',
          costs:
            'by the events it looks at: $4.00 for a million events of CloudTrail (us-east-1, 2026); the first 30 days are free',
          calls: [{ ...call, action: 'CreateDetector', input: { Enable: true } }],
        },
        about,
      ),
    ]
  const { Status } = await guard.getDetector({ DetectorId })
  if (Status === 'DISABLED')
    return [
      not(
        `its detector ${DetectorId} is suspended`,
        {
          does: 'Let it go on.',
          calls: [{ ...call, action: 'UpdateDetector', input: { DetectorId, Enable: true } }],
        },
        about,
      ),
    ]
  const exported = await guard.listPublishingDestinations({ DetectorId }).then(
    ({ Destinations = [] }) => Destinations,
    () => [],
  )
  const failing = exported.find((one) => one.Status !== 'PUBLISHING' && one.Status !== 'PENDING_VERIFICATION')
  if (exported.some((one) => one.Status === 'PUBLISHING'))
    return [ok('findings are exported to a bucket', about)]
  const rule = await ruleLine(premises, place, about)
  if (rule?.state === 'ok') return [rule]
  if (failing)
    return [
      not(
        `the export ${failing.DestinationId} is ${failing.Status}: GuardDuty cannot write to its bucket, or not use its key`,
        {
          does: 'Let guardduty.amazonaws.com write to the bucket and use the key; then it goes on by itself.',
          commands: [
            sh`aws guardduty describe-publishing-destination --detector-id ${DetectorId} --destination-id ${failing.DestinationId} --region ${region}`,
          ],
        },
        about,
      ),
    ]
  return [rule ?? (await noneLine(premises, place, about))]
}

const PATTERN = JSON.stringify({ source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] })

/** The EventBridge rule that forwards findings; undefined when there is none, or rules cannot be listed. */
async function ruleLine(
  premises: Premises,
  { identity: as, region }: Place,
  about: string,
): Promise<Line | undefined> {
  try {
    const events = await premises.aws(as).eventBridge(region)
    const { Rules = [] } = await events.listRules({})
    const rule = Rules.find(({ EventPattern = '' }) => EventPattern.includes('aws.guardduty'))
    if (rule?.Name === undefined) return undefined
    const call = { as, service: 'events' as const, region }
    if (rule.State === 'DISABLED')
      return not(
        `the rule ${rule.Name} of EventBridge, which sends its findings on, is disabled`,
        { does: 'Enable it.', calls: [{ ...call, action: 'EnableRule', input: { Name: rule.Name } }] },
        about,
      )
    const { Targets = [] } = await events.listTargetsByRule({ Rule: rule.Name })
    if (Targets.length > 0)
      return ok(`the rule ${rule.Name} sends findings to ${Targets.map(({ Arn }) => Arn).join(', ')}`, about)
    const queue = await ourQueue(premises)
    return not(
      `the rule ${rule.Name} of EventBridge has no target`,
      queue === undefined
        ? {
            does: 'Give it a target, as a Firehose stream into a bucket that is read.',
            commands: ['loglake aws plan'],
          }
        : {
            does: 'Send findings to our queue, whose policy must let events.amazonaws.com send.',
            calls: [
              {
                ...call,
                action: 'PutTargets',
                input: { Rule: rule.Name, Targets: [{ Id: 'loglake', Arn: queue }] },
              },
            ],
          },
      about,
    )
  } catch {
    return undefined
  }
}

async function noneLine(premises: Premises, { identity: as, region }: Place, about: string): Promise<Line> {
  const queue = await ourQueue(premises)
  const call = { as, service: 'events' as const, region }
  return not(
    'GuardDuty is on, and its findings go nowhere: it keeps them for 90 days',
    queue === undefined
      ? { does: 'Export them to a bucket that is read.', commands: ['loglake aws plan'] }
      : {
          does: 'Send them to our queue by a rule of EventBridge. The policy of the queue must let events.amazonaws.com send for that rule.',
          calls: [
            {
              ...call,
              action: 'PutRule',
              input: { Name: 'loglake-guardduty', EventPattern: PATTERN, State: 'ENABLED' },
            },
            {
              ...call,
              action: 'PutTargets',
              input: { Rule: 'loglake-guardduty', Targets: [{ Id: 'loglake', Arn: queue }] },
            },
          ],
        },
    about,
  )
}

async function ourQueue(premises: Premises): Promise<string | undefined> {
  const [first] = queueSources(premises)
  return first === undefined ? undefined : (await queueOf(premises, first).catch(() => undefined))?.arn
}
