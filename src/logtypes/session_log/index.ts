import type { Delivery } from '../../envelopes/contract.ts'
import { isSessionId } from '../../envelopes/transcript.ts'
import type { PreparedType } from '../contract.ts'
import { columns } from './columns.ts'
import { isStreamed, prepare } from './prepare.ts'

export const sessionLog: PreparedType = {
  kind: 'prepared',
  name: 'session_log',
  doc: "One row per piece of a Session Manager session's terminal output, as a person saw it.",
  columns,
  id: 'id',
  time: 'eventtime',
  keys: [
    { column: 'id', is: 'id' },
    { column: 'f_sessionid', is: ['session', 'id'] },
    { column: 'sessionid', is: ['session', 'name'] },
    { column: 'target_id', is: 'instance' },
    { column: 'useridentity_arn', is: 'arn' },
    { column: 'runasuser', is: 'name' },
  ],
  sort: ['f_sessionid', 'eventtime', 'id'],
  terminal: {
    columns: ['text', 'sessiondata', 'output', 'unmapped', 'extractedfields'],
    session: 'f_sessionid',
  },
  whose: { person: "split_part(useridentity_arn, '/', -1)" },
  recognise,
  prepare,
  queries: new URL('./queries/', import.meta.url),
}

/** A streamed event, a transcript, or text in a log stream that is named like a session. */
function recognise({ record, context: { transcript, cloudwatch } }: Delivery): boolean {
  if (record) return isStreamed(record)
  return transcript !== undefined || isSessionId(cloudwatch?.logStream ?? '')
}
