import { UserError } from '../../lib/errors.ts'
import type { Step, StepContext } from '../contract.ts'

/** What audits of AI need besides management events; the template's own trail has the same. */
const TYPES = [
  'AWS::SageMaker::Endpoint',
  'AWS::Bedrock::AgentAlias',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Guardrail',
]

/** Data events of a trail that is there already. */
export const trailEvents: Step = {
  name: 'trail-events',
  title: 'Data events of an existing trail',
  undoes: 'puts back the event selectors that the trail had',
  actions: ['cloudtrail:GetEventSelectors', 'cloudtrail:PutEventSelectors'],

  async look(context) {
    const { trail } = context.wanted
    if (trail === undefined) return []
    const about = {
      step: 'trail-events',
      place: trail,
      what: `the trail ${trail} records calls of SageMaker endpoints, Bedrock agents, knowledge bases and guardrails, too`,
    }
    let before: Selectors
    try {
      before = await read(context, trail)
    } catch (thrown) {
      const missing = /TrailNotFound|Unknown trail/i.test(
        String((thrown as Error)?.name) + String((thrown as Error)?.message),
      )
      return missing
        ? [
            {
              ...about,
              state: 'refused',
              why: 'there is no such trail here: name it by its ARN, in its home Region',
            },
          ]
        : [
            {
              ...about,
              state: 'unknown',
              why: 'cloudtrail:GetEventSelectors is denied, or CloudTrail cannot be reached',
            },
          ]
    }
    if (missingIn(before).length === 0) return [{ ...about, state: 'done' }]
    const clash = basicData(before)
    if (clash) return [{ ...about, state: 'refused', why: clash }]
    return [{ ...about, state: 'open', before, after: wantedOf(before) }]
  },

  async remember(context, trail) {
    return { before: await read(context, trail) }
  },

  async make(context, TrailName) {
    const cloudTrail = await context.clients.cloudTrail()
    const before = await read(context, TrailName)
    const clash = basicData(before)
    if (clash) throw new UserError(`the trail ${TrailName}: ${clash}`)
    await cloudTrail.putEventSelectors({ TrailName, AdvancedEventSelectors: wantedOf(before) as never })
  },

  async undo(context, TrailName, memory) {
    const cloudTrail = await context.clients.cloudTrail()
    const before = memory.before as Selectors
    const now = await read(context, TrailName).catch(() => undefined)
    if (!now) return `the trail ${TrailName} is gone`
    if (missingIn(now).length > 0)
      return `the trail ${TrailName} has other event selectors by now: left as they are`
    await cloudTrail.putEventSelectors({ TrailName, ...(before as object) } as never)
    return `the trail ${TrailName} records what it did before`
  },
}

interface Selector {
  Name?: string
  FieldSelectors: { Field: string; Equals?: string[]; NotEquals?: string[] }[]
}

interface Selectors {
  AdvancedEventSelectors?: Selector[]
  EventSelectors?: {
    ReadWriteType?: string
    IncludeManagementEvents?: boolean
    DataResources?: unknown[]
    ExcludeManagementEventSources?: string[]
  }[]
}

async function read({ clients }: StepContext, TrailName: string): Promise<Selectors> {
  const { AdvancedEventSelectors = [], EventSelectors = [] } = await (
    await clients.cloudTrail()
  ).getEventSelectors({ TrailName })
  return (AdvancedEventSelectors.length > 0 ? { AdvancedEventSelectors } : { EventSelectors }) as Selectors
}

function missingIn({ AdvancedEventSelectors = [] }: Selectors): string[] {
  const there = AdvancedEventSelectors.flatMap(({ FieldSelectors }) =>
    FieldSelectors.filter(({ Field }) => Field === 'resources.type').flatMap(({ Equals = [] }) => Equals),
  )
  return TYPES.filter((type) => !there.includes(type))
}

/** A trail has selectors of one kind: those of the old kind that name buckets or functions are for a person to translate. */
function basicData({ EventSelectors = [] }: Selectors): string | undefined {
  return EventSelectors.some(({ DataResources = [] }) => DataResources.length > 0)
    ? 'it has event selectors of the old kind with data events, which new ones would replace\n    way out: change them to advanced event selectors first (in the console: Edit data events), then run again'
    : undefined
}

function wantedOf(before: Selectors): Selector[] {
  const { AdvancedEventSelectors, EventSelectors = [] } = before
  const kept = AdvancedEventSelectors ?? EventSelectors.flatMap(advanced)
  return [
    ...kept,
    ...missingIn(before).map((type) => ({
      Name: `loglake ${type.split('::').slice(1).join(' ')}`,
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Data'] },
        { Field: 'resources.type', Equals: [type] },
      ],
    })),
  ]
}

/** A selector of the old kind without data events, in the new kind. */
function advanced({
  ReadWriteType,
  IncludeManagementEvents,
  ExcludeManagementEventSources = [],
}: NonNullable<Selectors['EventSelectors']>[number]): Selector[] {
  if (IncludeManagementEvents === false) return []
  return [
    {
      Name: 'Management events',
      FieldSelectors: [
        { Field: 'eventCategory', Equals: ['Management'] },
        ...(ReadWriteType === 'ReadOnly' || ReadWriteType === 'WriteOnly'
          ? [{ Field: 'readOnly', Equals: [String(ReadWriteType === 'ReadOnly')] }]
          : []),
        ...(ExcludeManagementEventSources.length === 0
          ? []
          : [{ Field: 'eventSource', NotEquals: ExcludeManagementEventSources }]),
      ],
    },
  ]
}
