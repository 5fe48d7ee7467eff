// Turns documents into objects as Firehose writes them: concatenated gzip members, without a separator and
// without `.gz`, an object for each hour.
import { gzipSync } from 'node:zlib'
import { isoTime, type Json, type JsonObject, named } from './organisation.ts'
import { groupBy } from './record.ts'

export interface LogFile {
  key: string
  bytes: Buffer
}

export interface LogEvent {
  // Seconds since 1970.
  at: number
  owner: string
  logGroup: string
  logStream: string
  message: string
}

// Output of a CloudWatch Logs subscription: events of one stream in a document, each document a gzip member.
export function subscribed(folder: string, stream: string, events: LogEvent[]): LogFile[] {
  const documents = [
    ...groupBy(events, (each) => `${hourOf(each.at)}/${each.owner}/${each.logGroup}/${each.logStream}`),
  ].map(([name, group]) => ({ at: (group[0] as LogEvent).at, document: dataMessage(name, group) }))
  const hours = groupBy(documents, (each) => hourOf(each.at))
  return [...hours.keys()].sort().map((hour) => {
    const group = hours.get(hour) ?? []
    const first = Math.min(...group.map((each) => each.at))
    const all = [controlMessage(first - 20), ...group.map((each) => each.document)]
    const members = all.map((each) => gzipSync(JSON.stringify(each)))
    return { key: firehoseKey(folder, stream, first + 40), bytes: Buffer.concat(members) }
  })
}

// One JSON document a line, an object for each day: events of EventBridge, data points of a metric stream.
export function lines(folder: string, stream: string, records: { at: number; record: Json }[]): LogFile[] {
  const days = groupBy(records, (each) => isoTime(each.at).slice(0, 10))
  return [...days.keys()].sort().map((day) => {
    const group = days.get(day) ?? []
    const first = Math.min(...group.map((each) => each.at))
    const text = group.map((each) => `${JSON.stringify(each.record)}\n`).join('')
    return { key: firehoseKey(folder, stream, first + 60), bytes: gzipSync(text) }
  })
}

function dataMessage(name: string, events: LogEvent[]): JsonObject {
  const { owner, logGroup, logStream } = events[0] as LogEvent
  const ids = named('log events', name)
  return {
    messageType: 'DATA_MESSAGE',
    owner,
    logGroup,
    logStream,
    subscriptionFilters: ['to-firehose'],
    logEvents: events.map((each) => ({
      id: `3${ids.text('0123456789', 55)}`,
      timestamp: each.at * 1000 + ids.below(1000),
      message: each.message,
    })),
  }
}

// CloudWatch Logs regularly checks that the destination answers.
function controlMessage(at: number): JsonObject {
  const message = 'CWL CONTROL MESSAGE: Checking health of destination Firehose.'
  return {
    messageType: 'CONTROL_MESSAGE',
    owner: 'CloudwatchLogs',
    logGroup: '',
    logStream: '',
    subscriptionFilters: [],
    logEvents: [{ id: '', timestamp: at * 1000, message }],
  }
}

function hourOf(at: number): string {
  return isoTime(at).slice(0, 13)
}

function firehoseKey(folder: string, stream: string, at: number): string {
  const [day = '', clock = ''] = isoTime(at).slice(0, 19).split('T')
  const hour = `${day.replaceAll('-', '/')}/${clock.slice(0, 2)}`
  const unique = named('firehose', stream, String(at)).uuid()
  return `${folder}/${hour}/${stream}-3-${day}-${clock.replaceAll(':', '-')}-${unique}`
}
