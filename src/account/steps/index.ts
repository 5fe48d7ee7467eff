import type { Step } from '../contract.ts'
import { bedrockLogging } from './bedrock-logging.ts'
import { dataCapture } from './data-capture.ts'
import { notification } from './notification.ts'
import { sessionPreferences } from './session-preferences.ts'
import { trailEvents } from './trail-events.ts'

/**
 * Steps that CloudFormation should not own, in the order in which they are taken; they are undone in reverse.
 */
export const steps: readonly Step[] = [
  notification,
  trailEvents,
  bedrockLogging,
  sessionPreferences,
  dataCapture,
]
