import { type Check, type Line, none, not, ok, type Premises } from '../contract.ts'
import { type Place, placesOf } from '../facts.ts'
import { type Trail, trailsThatMatter } from '../trails.ts'
import { guarded } from '../trouble.ts'
import { listed } from '../words.ts'

/** Calls of AI services that are data events, by resource type: CloudTrail's formats, 2026. */
const WANTED = {
  'AWS::SageMaker::Endpoint': 'InvokeEndpoint of SageMaker',
  'AWS::Bedrock::AgentAlias': 'InvokeAgent of Bedrock',
  'AWS::Bedrock::KnowledgeBase': 'Retrieve of knowledge bases',
  'AWS::Bedrock::Guardrail': 'ApplyGuardrail',
} as const

const COST = '$0.10 for 100,000 data events (aws.amazon.com/cloudtrail/pricing, us-east-1, 2026)'

export const dataEvents: Check = {
  name: 'data-events',
  group: 'Logs are recorded',
  title: 'The trail records calls of SageMaker endpoints and Bedrock agents',
  doc: 'InvokeEndpoint, InvokeAgent, Retrieve and ApplyGuardrail are data events, which a trail records only when its event selectors name them. Selectors that are there are kept.',
  permissions: ['cloudtrail:DescribeTrails', 'cloudtrail:GetEventSelectors'],
  mends: '`aws cloudtrail put-event-selectors`, with what it costs.',
  aws: true,
  async run(premises) {
    const places = await placesOf(premises)
    const all = await Promise.all(
      places.map((place) =>
        guarded(
          `cloudtrail:DescribeTrails in ${place.region}`,
          { about: `${place.account} ${place.region}`, as: place.identity },
          () => linesOf(premises, place),
        ),
      ),
    )
    return all.length > 0 ? all.flat() : [none('there is no account to look at')]
  },
}

interface Selector {
  Name?: string | undefined
  FieldSelectors: { Field: string | undefined; [operator: string]: unknown }[] | undefined
}

async function linesOf(premises: Premises, place: Place): Promise<Line[]> {
  const trails = await trailsThatMatter(premises, place)
  if (trails.length === 0) return [none('there is no trail to record them')]
  const found = await Promise.all(
    trails.map(async (trail): Promise<{ trail: Trail; selectors: Selector[] }> => {
      const answer = await trail.cloudTrail.getEventSelectors({ TrailName: trail.arn })
      const advanced = answer.AdvancedEventSelectors ?? []
      return {
        trail,
        selectors:
          advanced.length > 0
            ? (advanced as unknown as Selector[])
            : (answer.EventSelectors ?? []).flatMap(advancedOf),
      }
    }),
  )
  const types = new Set(found.flatMap(({ selectors }) => selectors.flatMap(typesOf)))
  const missing = Object.keys(WANTED).filter((type) => !types.has(type)) as (keyof typeof WANTED)[]
  const target = found.find(({ trail }) => trail.isOurs) ?? found[0]
  const lines: Line[] = []
  const manages = found.some(({ selectors }) => selectors.some((one) => categoryOf(one) === 'Management'))
  if (!manages && target)
    lines.push(not('no trail records management events', fixOf(target, place, [], true), target.trail.arn))
  if (missing.length > 0 && target)
    lines.push(
      not(
        `${listed(missing.map((type) => WANTED[type]))} ${missing.length === 1 ? 'is' : 'are'} not recorded`,
        { ...fixOf(target, place, missing, !manages), costs: COST },
        target.trail.arn,
      ),
    )
  return lines.length > 0 ? lines : [ok(listed(Object.values(WANTED)), target?.trail.arn)]
}

function fixOf(
  { trail, selectors }: { trail: Trail; selectors: Selector[] },
  { identity: as }: Place,
  types: readonly string[],
  managing: boolean,
) {
  const more = [
    ...(managing
      ? [{ Name: 'management', FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] }]
      : []),
    ...types.map((type) => ({
      Name: type.split('::').slice(1).join(' '),
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: [type] },
      ],
    })),
  ]
  const does = 'Record them, in addition to the recorded ones.'
  if (!trail.isOurs) return { does: `${does} Ask the administrator of account ${trail.arn.split(':')[4]}.` }
  return {
    does,
    calls: [
      {
        as,
        service: 'cloudtrail' as const,
        action: 'PutEventSelectors',
        region: trail.home,
        input: { TrailName: trail.arn, AdvancedEventSelectors: [...selectors, ...more] },
      },
    ],
  }
}

function equalsOf({ FieldSelectors = [] }: Selector, field: string): string[] {
  return FieldSelectors.flatMap(({ Field, Equals }) => (Field === field ? ((Equals as string[]) ?? []) : []))
}

function typesOf(selector: Selector): string[] {
  // A selector that names some resources does not record all.
  const narrowed = (selector.FieldSelectors ?? []).some(
    ({ Field = '' }) => !['eventCategory', 'resources.type'].includes(Field),
  )
  return narrowed ? [] : equalsOf(selector, 'resources.type')
}

function categoryOf(selector: Selector): string | undefined {
  return equalsOf(selector, 'eventCategory')[0]
}

/** Converts basic selectors to advanced ones: a trail has one kind or the other. */
function advancedOf(basic: {
  ReadWriteType?: string | undefined
  IncludeManagementEvents?: boolean | undefined
  ExcludeManagementEventSources?: string[] | undefined
  DataResources?: { Type?: string | undefined; Values?: string[] | undefined }[] | undefined
}): Selector[] {
  const excluded = basic.ExcludeManagementEventSources ?? []
  const only =
    basic.ReadWriteType === 'ReadOnly' || basic.ReadWriteType === 'WriteOnly'
      ? [{ Field: 'readOnly', Equals: [String(basic.ReadWriteType === 'ReadOnly')] }]
      : []
  const management: Selector[] =
    basic.IncludeManagementEvents === false
      ? []
      : [
          {
            Name: 'management',
            FieldSelectors: [
              { Field: 'eventCategory', Equals: ['Management'] },
              ...only,
              ...(excluded.length > 0 ? [{ Field: 'eventSource', NotEquals: excluded }] : []),
            ],
          },
        ]
  const data = (basic.DataResources ?? []).map(({ Type = '', Values = [] }): Selector => {
    // `arn:aws:s3` and `arn:aws:lambda` mean all buckets and all functions.
    const some = Values.filter((value) => value.split(':').length > 3)
    return {
      Name: Type.split('::').slice(1).join(' '),
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: [Type] },
        ...only,
        ...(some.length > 0 ? [{ Field: 'resources.ARN', StartsWith: some }] : []),
      ],
    }
  })
  return [...management, ...data]
}
