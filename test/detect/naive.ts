/** Correlations by loops, one event after the other: slow, and simple enough to be judged by reading. */

export interface Event {
  id: string
  /** Seconds. */
  t: number
  name: string
  agent: string | undefined
  code: string | undefined
}

export interface Shape {
  type: string
  of: readonly string[]
  timespan: number
  holds?: (value: number) => boolean
  /** Of the YAML; a temporal one may have none. */
  condition?: string
  percentile?: number
  /** Without `group-by`. */
  alone?: boolean
  /** The group of events called `two` is their code. */
  aliased?: boolean
}

export interface Burst {
  group: string
  /** Of the first firing. */
  t: number
  id: string
  /** Events that are evidence. */
  rows: number
}

interface Member extends Event {
  group: string
}

/** Bursts of all groups: firings of which each comes at most a timespan after the one before it. */
export function naiveBursts(shape: Shape, events: readonly Event[]): (Burst & { firings: Event[] })[] {
  const members = events.flatMap((event): Member[] => {
    if (!shape.of.includes(event.name)) return []
    const value = shape.aliased && event.name === 'two' ? event.code : event.agent
    if (shape.alone) return [{ ...event, group: '' }]
    return value === undefined ? [] : [{ ...event, group: value.toLowerCase() }]
  })
  const bursts: (Burst & { firings: Event[] })[] = []
  for (const group of new Set(members.map((one) => one.group))) {
    const own = members.filter((one) => one.group === group)
    const firings = own
      .filter((event) => fires(shape, event, own))
      .sort((a, b) => a.t - b.t || (a.id < b.id ? -1 : 1))
    let run: Event[] = []
    const close = () => {
      const [first, last] = [run[0], run.at(-1)]
      if (!first || !last) return
      const rows = own.filter(({ t }) => t >= first.t - shape.timespan && t <= last.t).length
      bursts.push({ group, t: first.t, id: first.id, rows, firings: run })
    }
    for (const firing of firings) {
      const before = run.at(-1)
      if (before && firing.t - before.t > shape.timespan) {
        close()
        run = []
      }
      run.push(firing)
    }
    close()
  }
  return bursts
}

/** Whether the condition holds at an event, both ends of its window in it. */
function fires(shape: Shape, event: Event, all: readonly Event[]): boolean {
  const { type, of, timespan, holds = () => true, percentile = 50 } = shape
  const recent = all.filter(({ t }) => t >= event.t - timespan && t <= event.t)
  if (type === 'event_count') return holds(recent.length)
  if (type === 'temporal') {
    const names = of.filter((name) => recent.some((one) => one.name === name)).length
    return shape.holds ? holds(names) : names === of.length
  }
  if (type === 'temporal_ordered') return chained(event, of, recent)
  // An event without a value is none of those that are counted.
  if (event.code === undefined) return false
  const values = recent.flatMap(({ code }) => (code === undefined ? [] : [code.toLowerCase()]))
  if (type === 'value_count') return holds(new Set(values).size)
  const numbers = values
    .map(Number)
    .filter((number) => !Number.isNaN(number))
    .sort((a, b) => a - b)
  if (numbers.length === 0) return false
  const sum = numbers.reduce((total, number) => total + number, 0)
  if (type === 'value_sum') return holds(sum)
  if (type === 'value_avg') return holds(sum / numbers.length)
  const place = (numbers.length - 1) * (percentile / 100)
  const [low, high] = [numbers[Math.floor(place)] as number, numbers[Math.ceil(place)] as number]
  return holds(low + (high - low) * (place - Math.floor(place)))
}

/** Whether events of the rules before it led to this one, each later than the one before. */
function chained(event: Event, of: readonly string[], recent: readonly Event[]): boolean {
  if (event.name !== of.at(-1)) return false
  if (of.length === 1) return true
  return recent.some((one) => one.t < event.t && chained(one, of.slice(0, -1), recent))
}
