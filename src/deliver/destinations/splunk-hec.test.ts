import { afterEach, describe, expect, it } from 'vitest'
import { type Hec, type HecOptions, startHec } from '../../../test/receivers/hec.ts'
import type { Delivery } from '../contract.ts'
import { deliver, type Outage, settle } from '../patience.ts'
import { open, settings } from './splunk-hec.ts'

let hec: Hec
afterEach(async () => await hec.stop())

const signal = new AbortController().signal

function deliveries(count: number, from = 0): Delivery[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `cloudtrail/${from + n}`,
    table: 'cloudtrail',
    time: 1_767_825_403.123 + n,
    text: JSON.stringify({ n: from + n }),
  }))
}

async function started(options: HecOptions = {}, more: object = {}) {
  hec = await startHec(options)
  const receiver = open(settings.parse({ url: hec.url, token: 'a-token', index: 'aws', ...more }))
  return receiver
}

/** Delivers without pauses. */
function impatient(outages: Outage[] = []) {
  return {
    signal,
    maxMs: 1_000_000,
    onOutage: (outage: Outage | undefined) => void (outage && outages.push(outage)),
    sleep: async () => undefined,
  }
}

const numbers = () => hec.events.map(({ event }) => event.n as number)

describe('what an event is', () => {
  it('has its time in seconds, and index, source type, source, host and indexed fields', async () => {
    const receiver = await started({}, { sourcetype: 'aws:cloudtrail', host: 'lake' })
    expect(await deliver(receiver, deliveries(1), impatient())).toEqual([])
    expect(hec.events).toEqual([
      {
        time: 1_767_825_403.123,
        host: 'lake',
        source: 'loglake:cloudtrail',
        sourcetype: 'aws:cloudtrail',
        index: 'aws',
        event: { n: 0 },
        fields: { loglake_table: 'cloudtrail', loglake_id: 'cloudtrail/0' },
      },
    ])
  })

  it('a text that begins like JSON is a text', async () => {
    const receiver = await started()
    const [one] = deliveries(1) as [Delivery]
    const batch = ['[ERROR] no', '{oh} no', '{"a":1}'].map((text) => ({
      ...one,
      text,
      plain: text !== '{"a":1}',
    }))
    expect(await deliver(receiver, batch, impatient())).toEqual([])
    expect(hec.events.map(({ event }) => event)).toEqual(['[ERROR] no', '{oh} no', { a: 1 }])
  })

  it('a text is a text, and an empty one is not refused', async () => {
    const receiver = await started()
    const [one] = deliveries(1) as [Delivery]
    const batch = [
      { ...one, text: 'plain "text"' },
      { ...one, text: '' },
    ]
    expect(await deliver(receiver, batch, impatient())).toEqual([])
    expect(hec.events.map(({ event }) => event)).toEqual(['plain "text"', '-'])
  })
})

describe('an event that is refused', () => {
  it.each([6, 12, 13, 15])(
    'with code %i alone stays behind: all others are there once, in order',
    async (code) => {
      const receiver = await started()
      hec.refuse = ({ event }) => ([3, 7].includes(event.n) ? code : undefined)
      const refused = await deliver(receiver, deliveries(10), impatient())
      expect(numbers()).toEqual([0, 1, 2, 4, 5, 6, 8, 9])
      expect(refused.map(({ delivery, code: told }) => [delivery.id, told])).toEqual([
        ['cloudtrail/3', String(code)],
        ['cloudtrail/7', String(code)],
      ])
      expect(refused[0]?.answer).toContain('"invalid-event-number":3')
    },
  )

  it('for its size is found by halving', async () => {
    const receiver = await started({}, { gzip: false })
    hec.maxBytes = 3000
    const batch = deliveries(40)
    batch[17] = { ...(batch[17] as Delivery), text: JSON.stringify({ n: 17, long: 'x'.repeat(4000) }) }
    const refused = await deliver(receiver, batch, impatient())
    expect(refused.map(({ delivery }) => delivery.id)).toEqual(['cloudtrail/17'])
    expect(numbers()).toEqual(batch.map((_, n) => n).filter((n) => n !== 17))
  })
})

describe('a receiver that cannot take events now', () => {
  const busy = [
    [
      '429 with Retry-After',
      { answer: [429, { text: 'Queue at capacity', code: 26 }, { 'retry-after': '7' }] },
    ],
    ['429 without it', { answer: [429, { text: 'ACK channel at capacity', code: 27 }] }],
    ['503', { answer: [503, { text: 'Server is busy', code: 9 }] }],
    ['500', { answer: [500, { text: 'Internal server error', code: 8 }] }],
    ['503 of a proxy, without JSON', { answer: [503, '<html>busy</html>'] }],
    ['a cut connection', { instead: 'cut' }],
    ['an answer that does not come', { instead: 'hang' }],
  ] as const
  it.each(busy)('%s: the batch is sent again, and is there once', async (name, fault) => {
    const receiver = await started({}, { timeout_seconds: 1 })
    hec.faults = [fault as never, fault as never]
    const outages: Outage[] = []
    expect(await deliver(receiver, deliveries(5), impatient(outages))).toEqual([])
    expect(numbers()).toEqual([0, 1, 2, 3, 4])
    expect(outages).toHaveLength(2)
    if (name.endsWith('with Retry-After'))
      expect((outages[0] as Outage).retryMs - (outages[0] as Outage).sinceMs).toBeGreaterThanOrEqual(6_900)
  })

  it('an answer that is lost after the events were stored: at least once, and said so', async () => {
    const receiver = await started()
    hec.faults = [{ storeThen: 'cut' }]
    await deliver(receiver, deliveries(3), impatient())
    expect(numbers()).toEqual([0, 1, 2, 0, 1, 2])
  })

  it.each([
    [{ token: 'other' }, /403.*Invalid token/],
    [{ indexes: ['main'] }, /400.*Incorrect index/],
  ])('a setting that is wrong (%o) stops the route, and refuses no row', async (options, told) => {
    const receiver = await started(options)
    const patience = { ...impatient(), maxMs: 0 }
    await expect(deliver(receiver, deliveries(3), patience)).rejects.toThrow(told)
    await expect(deliver(receiver, deliveries(3), patience)).rejects.not.toThrow(/a-token/)
    expect(hec.events).toEqual([])
  })
})

describe('acknowledgement', () => {
  it('is waited for before the cursor moves', async () => {
    const receiver = await started({ acknowledges: true }, { acknowledge: true })
    expect(await deliver(receiver, deliveries(3), impatient())).toEqual([])
    expect(await deliver(receiver, deliveries(3, 3), impatient())).toEqual([])
    expect(await settle(receiver, impatient())).toEqual([])
    expect(numbers()).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('that never comes is found out: the events are sent again, and in the end it is an error', async () => {
    const receiver = await started({ acknowledges: true }, { acknowledge: true, acknowledge_seconds: 1 })
    hec.deaf = true
    await deliver(receiver, deliveries(2), impatient())
    await expect(settle(receiver, impatient())).rejects.toThrow('never acknowledges')
    expect(numbers().length).toBeGreaterThan(2)
  })

  it('is had for the events before one that is refused, too', async () => {
    const receiver = await started({ acknowledges: true }, { acknowledge: true })
    hec.refuse = ({ event }) => (event.n === 2 ? 12 : undefined)
    expect(await deliver(receiver, deliveries(4), impatient())).toHaveLength(1)
    expect(numbers()).toEqual([0, 1, 0, 1, 3])
    expect(await settle(receiver, impatient())).toEqual([])
  })

  it('comes after a resend', async () => {
    const receiver = await started({ acknowledges: true }, { acknowledge: true, acknowledge_seconds: 1 })
    hec.deaf = true
    await deliver(receiver, deliveries(2), impatient())
    setTimeout(() => {
      hec.deaf = false
    }, 1_300)
    expect(await settle(receiver, impatient())).toEqual([])
    expect(new Set(numbers())).toEqual(new Set([0, 1]))
  })

  it('of one channel counts for no event of another', async () => {
    const receiver = await started({ acknowledges: true }, { acknowledge: true, acknowledge_seconds: 1 })
    hec.deaf = true
    // Its answer comes when the channel that it was sent on has been given up.
    hec.faults = [undefined, { slowMs: 2_500 }]
    await deliver(receiver, deliveries(2), impatient())
    const slow = deliver(receiver, deliveries(2, 2), impatient())
    const first = await receiver.settle?.(signal)
    expect(first?.later?.deliveries.map(({ id }) => id)).toEqual(['cloudtrail/0', 'cloudtrail/1'])
    hec.deaf = false
    await deliver(receiver, first?.later?.deliveries ?? [], impatient())
    await slow
    expect(await settle(receiver, impatient())).toEqual([])
    // What was sent last on the old channel is asked for there, and not sent again.
    expect(numbers().toSorted()).toEqual([0, 0, 1, 1, 2, 3])
  })

  it('of a token that has none is an error, and nothing counts as delivered', async () => {
    const receiver = await started({}, { acknowledge: true })
    const patience = { ...impatient(), maxMs: 0 }
    await expect(deliver(receiver, deliveries(1), patience)).rejects.toThrow('no ackId')
  })
})
