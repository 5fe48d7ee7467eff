import { isDeepStrictEqual } from 'node:util'
import { UserError } from '../../lib/errors.ts'
import type { Step, StepContext } from '../contract.ts'

/**
 * Data events that audits of AI need in addition to management events; the template's own trail has the same.
 */
const TYPES = [
  'AWS::SageMaker::Endpoint',
  'AWS::Bedrock::AgentAlias',
  'AWS::Bedrock::KnowledgeBase',
  'AWS::Bedrock::Guardrail',
]

/** Data events of an existing trail. */
export const trailEvents: Step = {
  name: 'trail-events',
  title: 'Data events of an existing trail',
  undoes: 'puts back the event selectors that the trail had; those that others added since stay',
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
      return isMissing(thrown)
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
    return { before: withoutOurs(await read(context, trail)) }
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
    const now = await read(context, TrailName).catch((thrown) => {
      if (isMissing(thrown)) return undefined
      throw thrown
    })
    if (!now) return `the trail ${TrailName} is gone`
    const { AdvancedEventSelectors: selectors = [] } = now
    if (!selectors.some(isOurs)) return `the trail ${TrailName} has none of our event selectors any more`
    const { AdvancedEventSelectors: kept = [] } = withoutOurs(now)
    const hadOnlyThese = isDeepStrictEqual(kept, before.AdvancedEventSelectors ?? wantedOf(before, []))
    if (hadOnlyThese || kept.length === 0) {
      await cloudTrail.putEventSelectors({ TrailName, ...(before as object) } as never)
      return `the trail ${TrailName} records what it did before`
    }
    await cloudTrail.putEventSelectors({ TrailName, AdvancedEventSelectors: kept as never })
    return `the trail ${TrailName} has lost our event selectors; what others have changed since stays`
  },
}

interface Selector {
  Name?: string
  FieldSelectors: { Field: string; Equals?: string[]; NotEquals?: string[] }[]
}

function isMissing(thrown: unknown): boolean {
  const { name, message } = (thrown ?? {}) as Partial<Error>
  return /TrailNotFound|Unknown trail/i.test(`${name} ${message}`)
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
  const there = AdvancedEventSelectors.filter(isWhole).flatMap(({ FieldSelectors }) =>
    FieldSelectors.filter(({ Field }) => Field === 'resources.type').flatMap(({ Equals = [] }) => Equals),
  )
  return TYPES.filter((type) => !there.includes(type))
}

/** A selector that names some resources, or calls that only read, does not record all. */
function isWhole({ FieldSelectors }: Selector): boolean {
  return FieldSelectors.every(({ Field }) => Field === 'eventCategory' || Field === 'resources.type')
}

function ours(type: string): Selector {
  return {
    Name: `loglake ${type.split('::').slice(1).join(' ')}`,
    FieldSelectors: [
      { Field: 'eventCategory', Equals: ['Data'] },
      { Field: 'resources.type', Equals: [type] },
    ],
  }
}

function isOurs({ Name }: Selector): boolean {
  return TYPES.some((type) => ours(type).Name === Name)
}

function withoutOurs(selectors: Selectors): Selectors {
  const { AdvancedEventSelectors } = selectors
  return AdvancedEventSelectors
    ? { AdvancedEventSelectors: AdvancedEventSelectors.filter((one) => !isOurs(one)) }
    : selectors
}

/**
 * A trail has selectors of one kind: basic selectors that name buckets or functions are left for a person to
 * convert.
 */
function basicData({ EventSelectors = [] }: Selectors): string | undefined {
  return EventSelectors.some(({ DataResources = [] }) => DataResources.length > 0)
    ? 'it has event selectors of the old kind with data events, which new ones would replace\n    way out: change them to advanced event selectors first (in the console: Edit data events), then run again'
    : undefined
}

function wantedOf(before: Selectors, types = missingIn(before)): Selector[] {
  const { AdvancedEventSelectors, EventSelectors = [] } = before
  return [...(AdvancedEventSelectors ?? EventSelectors.flatMap(advanced)), ...types.map(ours)]
}

/** A basic selector without data events, as an advanced one. */
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
