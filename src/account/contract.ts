import type { AwsClients } from '../aws/clients.ts'
import type { Parameters } from './stack/evaluate.ts'

/**
 * What a person wants in an account: parameters of the template, and changes that CloudFormation cannot or
 * should not own.
 */
export interface Wanted {
  /** The stack's name, and the prefix of its resources' names: `Name` of the template. */
  stack: string
  parameters: Parameters
  /** Existing log buckets, each with the prefix of its logs; '' for the whole bucket. */
  buckets: readonly { bucket: string; prefix: string }[]
  /** An existing trail, to which data events are added. */
  trail: string | undefined
  /** Whether Bedrock logs invocations into the log bucket. */
  bedrockLogging: boolean
  /** Whether Session Manager logs to the stack's log group. */
  sessionPreferences: boolean
  /** SageMaker endpoints that capture requests and answers; `*` for all. */
  capture: readonly string[]
  /** Per cent of requests that are captured. */
  sampling: number
}

/** The account, the Region and the caller. */
export interface Place {
  clients: AwsClients
  account: string
  region: string
  /** The caller's ARN. */
  caller: string
  partition: string
}

/** The state of a step at one bucket, endpoint or trail. */
export interface Finding {
  step: string
  place: string
  /**
   * - done: it is as wanted
   * - open: `apply` does it
   * - refused: it would harm something that is there; `why` says what, and the way out
   * - unknown: we may not look; `why` says which permission is missing
   */
  state: 'done' | 'open' | 'refused' | 'unknown'
  /** What would be done, as a sentence. */
  what: string
  why?: string | undefined
  /** The current and the wanted configuration: differing lines are shown. */
  before?: unknown
  after?: unknown
}

/** The state before a step was taken, stored so that the step can be undone. JSON. */
export type Memory = Readonly<Record<string, unknown>>

export interface StepContext extends Place {
  wanted: Wanted
  /** The stack's outputs; empty before it exists. */
  outputs: Readonly<Record<string, string>>
}

/** A change that CloudFormation should not own: it can be examined, made and undone. */
export interface Step {
  name: string
  title: string
  /** How `destroy` undoes it, as a sentence. */
  undoes: string
  /** Permissions needed to run `plan` and `apply`. */
  actions: readonly string[]
  look(context: StepContext): Promise<Finding[]>
  /** The state to store before `make`, so that it can be undone in any case. */
  remember(context: StepContext, place: string): Promise<Memory>
  make(context: StepContext, place: string): Promise<void>
  /** Undoes it; returns a sentence about what was done. */
  undo(context: StepContext, place: string, memory: Memory): Promise<string>
}
