import { isObject, type JsonValue } from '../../json/values.ts'
import { cloudTrailNotice, cloudTrailValidation } from './cloudtrail.ts'
import { type Notice, type NoticeReader, notKnown } from './contract.ts'
import { eventBridgeNotice } from './event-bridge.ts'
import { s3Notice } from './s3.ts'
import { transformedNotice } from './transformed.ts'
import { lambdaNotice, snsNotice } from './wrapped.ts'

export type { Announced, Notice } from './contract.ts'

/**
 * All kinds of notices, tried in this order. A new one is a reader in this folder and a name in this list.
 */
const readers: readonly NoticeReader[] = [
  snsNotice,
  s3Notice,
  eventBridgeNotice,
  cloudTrailNotice,
  lambdaNotice,
  transformedNotice,
]

/** 4 levels of wrapping: more than any known sender uses. */
const DEEPEST = 4

/**
 * Reads a message in a queue, whoever sent it and however it is wrapped, without a setting. It never throws:
 * parts that are not understood are in `unknown`.
 */
export function readNotice(body: string): Notice {
  return read(body, 0)
}

function read(body: string, depth: number): Notice {
  if (depth > DEEPEST) return notKnown('it is wrapped too deep')
  const validation = cloudTrailValidation(body)
  if (validation) return validation
  let message: JsonValue
  try {
    message = JSON.parse(body)
  } catch {
    return notKnown('it is no JSON')
  }
  // A template of EventBridge may pass the event on as a text.
  if (typeof message === 'string' && message.startsWith('{')) return read(message, depth + 1)
  if (!isObject(message)) return notKnown('it is no JSON object')
  for (const reader of readers) {
    const notice = reader(message, (inner) => read(inner, depth + 1))
    if (notice) return notice
  }
  return notKnown('it is no notice of an object')
}
