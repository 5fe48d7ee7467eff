/** Correlations over small logs, and when each group fires first. */
export interface CorrelationCase {
  name: string
  /**
   * The section `correlation`, indented by two, over the rules `one`, `two` and `three`: events called so.
   */
  correlation: string
  /** `seconds name userAgent errorCode requestParameters`, the last as JSON without spaces; `-` is none. */
  events: readonly string[]
  /** By group, the second of the first firing of each burst. */
  bursts: Readonly<Record<string, readonly number[]>>
  differs?: string
}

const group = '  group-by:\n    - userAgent\n'
const LISTS = 'SQLite has no lists'
const three = '  rules:\n    - one\n    - two\n    - three\n'

export const correlationCases: readonly CorrelationCase[] = [
  {
    name: 'event_count: both ends of the window are in it',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    gte: 3\n`,
    events: [
      '0 one a',
      '30 one a',
      '60 one a',
      '200 one a',
      '230 one a',
      '261 one a',
      '0 one b',
      '1 one b',
      '2 two b',
    ],
    bursts: { a: [60] },
  },
  {
    name: 'event_count: bursts of a group that lie apart are two',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    gte: 2\n`,
    events: ['0 one a', '5 one a', '9 one a', '14 one a', '100 one a', '101 one a'],
    bursts: { a: [5, 101] },
  },
  {
    name: 'event_count: several rules count together, an event once',
    correlation: `  type: event_count\n${three}${group}  timespan: 10s\n  condition:\n    gt: 2\n`,
    events: ['0 one a', '1 two a', '2 three a', '0 one b', '1 two b'],
    bursts: { a: [2] },
  },
  {
    name: 'event_count: equal times are all in the window',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 1s\n  condition:\n    gte: 3\n`,
    events: ['7 one a', '7 one a', '7 one a'],
    bursts: { a: [7] },
  },
  {
    name: 'event_count: an event without a group value belongs to no group',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    gte: 2\n`,
    events: ['0 one -', '1 one -', '2 one -'],
    bursts: {},
  },
  {
    name: 'event_count: groups are the same without regard to case',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    gte: 2\n`,
    events: ['0 one Alice', '1 one ALICE'],
    bursts: { alice: [1] },
  },
  {
    name: 'event_count: a range',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    gt: 1\n    lt: 3\n`,
    events: ['0 one a', '1 one a', '2 one a'],
    bursts: { a: [1] },
    differs: 'it takes one criterion',
  },
  {
    name: 'event_count: eq',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    eq: 2\n`,
    events: ['0 one a', '1 one a', '2 one a', '0 one b'],
    bursts: { a: [1] },
  },
  {
    name: 'value_count: different values, without regard to case',
    correlation: `  type: value_count\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field: errorCode\n    gte: 3\n`,
    events: ['0 one a x', '1 one a X', '2 one a y', '3 one a -', '4 one a z', '0 one b x', '1 one b y'],
    bursts: { a: [4] },
  },
  {
    name: 'value_count: of several fields, what is counted is their combinations, each of them whole',
    correlation: `  type: value_count\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field:\n      - errorCode\n      - requestParameters.x\n    gte: 3\n`,
    events: [
      '0 one a x {"x":"1"}',
      '1 one a x {"x":"1"}',
      '2 one a x {"x":"2"}',
      '3 one a y -',
      '4 one a y {"x":"1"}',
      '0 one b x -',
      '1 one b y -',
      '2 one b z -',
    ],
    bursts: { a: [4] },
    differs: 'SQLite has no several fields',
  },
  {
    name: 'event_count: neq',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    neq: 1\n`,
    events: ['0 one a', '1 one a', '2 one a', '0 one b'],
    bursts: { a: [1] },
  },
  {
    name: 'event_count: less than, from the first event on, and never for no event',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    lt: 2\n`,
    events: ['5 one a', '6 one a', '7 one a', '5 two b'],
    bursts: { a: [5] },
  },
  {
    name: 'event_count: at most',
    correlation: `  type: event_count\n  rules:\n    - one\n${group}  timespan: 10s\n  condition:\n    lte: 1\n`,
    events: ['5 one a', '6 one a', '30 one a'],
    bursts: { a: [5, 30] },
  },
  {
    name: 'value_sum',
    correlation: `  type: value_sum\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field: errorCode\n    gt: 100\n`,
    events: ['0 one a 60', '10 one a 40', '20 one a 1', '100 one a 99', '0 one b nothing', '1 one b 101'],
    bursts: { a: [20], b: [1] },
  },
  {
    name: 'value_avg',
    correlation: `  type: value_avg\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field: errorCode\n    gte: 50\n`,
    events: ['0 one a 10', '10 one a 20', '20 one a 120', '0 one b 49'],
    bursts: { a: [20] },
  },
  {
    name: 'value_percentile',
    correlation: `  type: value_percentile\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field: errorCode\n    percentile: 50\n    gte: 15\n`,
    events: ['0 one a 10', '10 one a 20', '0 one b 1', '1 one b 2', '2 one b 100'],
    bursts: { a: [10] },
  },
  {
    name: 'temporal: in any order',
    correlation: `  type: temporal\n${three}${group}  timespan: 60s\n`,
    events: ['0 three a', '30 one a', '60 two a', '0 one b', '1 two b', '70 three b'],
    bursts: { a: [60] },
  },
  {
    name: 'temporal: some of the rules are enough',
    correlation: `  type: temporal\n${three}${group}  timespan: 60s\n  condition:\n    gte: 2\n`,
    events: ['0 three a', '30 one a', '0 one b', '70 three b'],
    bursts: { a: [30] },
  },
  {
    name: 'temporal: a condition over its rules',
    correlation: `  type: temporal\n${three}${group}  timespan: 60s\n  condition: one and (two or three)\n`,
    events: ['0 one a', '5 three a', '0 two b', '1 three b', '3 two c', '9 one c'],
    bursts: { a: [5], c: [9] },
  },
  {
    name: 'temporal_ordered: in this order only',
    correlation: `  type: temporal_ordered\n${three}${group}  timespan: 60s\n`,
    events: [
      '0 one a',
      '10 two a',
      '20 three a',
      '0 two b',
      '10 one b',
      '20 three b',
      '0 one c',
      '30 two c',
      '61 three c',
    ],
    bursts: { a: [20] },
  },
  {
    name: 'temporal_ordered: a condition that wants all rules is as good as none',
    correlation: `  type: temporal_ordered\n  rules:\n    - one\n    - two\n${group}  timespan: 60s\n  condition:\n    gte: 2\n`,
    events: ['0 one a', '1 two a', '0 two b', '1 one b'],
    bursts: { a: [1] },
  },
  {
    name: 'temporal_ordered: equal times are no order',
    correlation: `  type: temporal_ordered\n  rules:\n    - one\n    - two\n${group}  timespan: 60s\n`,
    events: ['5 one a', '5 two a', '0 one b', '1 two b'],
    bursts: { b: [1] },
  },
  {
    name: 'temporal_ordered: the latest beginning counts',
    correlation: `  type: temporal_ordered\n  rules:\n    - one\n    - two\n${group}  timespan: 60s\n`,
    events: ['0 one a', '50 one a', '100 two a'],
    bursts: { a: [100] },
  },
  {
    name: 'without group-by all events are one group',
    correlation: '  type: event_count\n  rules:\n    - one\n  timespan: 10s\n  condition:\n    gte: 2\n',
    events: ['0 one a', '5 one b'],
    bursts: { '': [5] },
  },
  {
    name: 'aliases: one field in this rule, another in that',
    correlation:
      '  type: temporal\n  rules:\n    - one\n    - two\n  aliases:\n    who:\n      one: userAgent\n      two: errorCode\n  group-by:\n    - who\n  timespan: 60s\n',
    events: ['0 one a x', '5 two b a', '6 two b c'],
    bursts: { a: [5] },
  },
  {
    name: 'lists: an event belongs to the group of each item, and counts once there',
    correlation:
      '  type: event_count\n  rules:\n    - one\n  group-by:\n    - requestParameters.keys\n  timespan: 60s\n  condition:\n    gte: 2\n',
    events: [
      '0 one - - {"keys":["x","y","X"]}',
      '1 one - - {"keys":["y"]}',
      '2 one - - {"keys":"x"}',
      '3 one - - {"keys":["z","z"]}',
    ],
    bursts: { x: [2], y: [1] },
    differs: LISTS,
  },
  {
    name: 'lists: on the way to a field, within lists, and empty',
    correlation:
      '  type: event_count\n  rules:\n    - one\n  group-by:\n    - requestParameters.items.key\n  timespan: 60s\n  condition:\n    gte: 2\n',
    events: [
      '0 one - - {"items":[{"key":"a"},[{"key":["b",["c"]]}]]}',
      '1 one - - {"items":[{"other":1},{"key":"b"}]}',
      '2 one - - {"items":{"key":"c"}}',
      '3 one - - {"items":[]}',
      '4 one - - {"items":[{"key":[]},{"key":null},{"key":""}]}',
      '5 one - - {"items":[{"key":[]}]}',
    ],
    bursts: { b: [1], c: [2] },
    differs: LISTS,
  },
  {
    name: 'lists: the groups of two of them are combined',
    correlation:
      '  type: event_count\n  rules:\n    - one\n  group-by:\n    - requestParameters.keys\n    - requestParameters.places\n  timespan: 60s\n  condition:\n    gte: 2\n',
    events: [
      '0 one - - {"keys":["x","y"],"places":["1","2"]}',
      '5 one - - {"keys":["y"],"places":["1"]}',
      '9 one - - {"keys":["x"]}',
    ],
    bursts: { y: [5] },
    differs: LISTS,
  },
  {
    name: 'lists: each different item is a value that counts',
    correlation: `  type: value_count\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field: requestParameters.keys\n    gte: 3\n`,
    events: [
      '0 one a - {"keys":["x","y","X"]}',
      '1 one a - {"keys":["y","z"]}',
      '0 one b - {"keys":["x","y","y"]}',
      '1 one b - {"keys":[]}',
    ],
    bursts: { a: [1] },
    differs: LISTS,
  },
  {
    name: 'lists: each different number of an event is summed',
    correlation: `  type: value_sum\n  rules:\n    - one\n${group}  timespan: 60s\n  condition:\n    field: requestParameters.sizes\n    gte: 100\n`,
    events: [
      '0 one a - {"sizes":[60,30]}',
      '10 one a - {"sizes":[5,5]}',
      '20 one a - {"sizes":5}',
      '0 one b - {"sizes":[50,50]}',
    ],
    bursts: { a: [20] },
    differs: LISTS,
  },
  {
    name: 'lists: rules that share an item',
    correlation:
      '  type: temporal_ordered\n  rules:\n    - one\n    - two\n  aliases:\n    key:\n      one: requestParameters.keys\n      two: userAgent\n  group-by:\n    - key\n  timespan: 60s\n',
    events: ['0 one - - {"keys":["x","y"]}', '5 two y', '6 two z'],
    bursts: { y: [5] },
    differs: LISTS,
  },
]

const BASE = Date.parse('2026-01-07T22:00:00Z')

/** Seconds since the logs began. */
export function secondsOf(time: string): number {
  return (Date.parse(time) - BASE) / 1000
}

/** Events of a case; `-` is a field that is not there. */
export function eventsIn({ events }: Pick<CorrelationCase, 'events'>): object[] {
  return events.map((text, at) => {
    const [seconds, name, agent = '-', code = '-', parameters = '-'] = text.split(' ')
    return {
      eventVersion: '1.11',
      eventID: `event-${String(at).padStart(3, '0')}`,
      eventTime: new Date(BASE + Number(seconds) * 1000).toISOString().replace('.000', ''),
      eventSource: 's3.amazonaws.com',
      eventName: name,
      ...(agent === '-' ? {} : { userAgent: agent }),
      ...(code === '-' ? {} : { errorCode: code }),
      ...(parameters === '-' ? {} : { requestParameters: JSON.parse(parameters) as object }),
    }
  })
}

const LOGSOURCE = 'logsource:\n  product: aws\n  service: cloudtrail\n'

export function correlationText({ correlation }: Pick<CorrelationCase, 'correlation'>): string {
  const bases = ['one', 'two', 'three'].map(
    (name) =>
      `---\ntitle: Rule ${name}\nname: ${name}\nlevel: low\n${LOGSOURCE}detection:\n  selection:\n    eventName: ${name}\n  condition: selection\n`,
  )
  return `title: Correlation\nname: correlated\nlevel: high\ncorrelation:\n${correlation}${bases.join('')}`
}
