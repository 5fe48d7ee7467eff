import type { Wrapper } from './contract.ts'
import { packedIn } from './packed.ts'

/** A record that Firehose could not deliver or transform: the original record is base64 in `rawData`. */
export const firehoseFailed: Wrapper = {
  name: 'firehose-failed',
  parsed: true,
  doc: 'A failed record of Firehose: `{"attemptsMade":4,"errorCode":"…","rawData":"<base64>"}`.',
  open({ record, context }) {
    if (typeof record?.rawData !== 'string' || !('attemptsMade' in record)) return undefined
    const inner = packedIn(record.rawData, context)
    return inner && { kind: 'records', inner }
  },
}
