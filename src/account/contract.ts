import type { AwsClients } from '../aws/clients.ts'
import type { Parameters } from './stack/evaluate.ts'

/** What a person wants of an account: parameters of the template, and what CloudFormation cannot or should not own. */
export interface Wanted {
  /** The stack, and what it calls things after: `Name` of the template. */
  stack: string
  parameters: Parameters
  /** Log buckets that are there already, each with the prefix below which its logs lie; '' for all of it. */
  buckets: readonly { bucket: string; prefix: string }[]
  /** A trail that is there already, to which data events are added. */
  trail: string | undefined
  /** Whether Bedrock logs invocations into the log bucket. */
  bedrockLogging: boolean
  /** Whether Session Manager logs to the stack's log group. */
  sessionPreferences: boolean
  /** Endpoints of SageMaker that capture what they are asked and answer; `*` for all. */
  capture: readonly string[]
  /** Percent of requests that are captured. */
  sampling: number
}

/** Where it is to be done, and by whom. */
export interface Place {
  clients: AwsClients
  account: string
  region: string
  /** Who we are: an ARN. */
  caller: string
  partition: string
}

/** What a step finds at one place: a bucket, an endpoint, a trail. */
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
  /** What would be done, in a sentence. */
  what: string
  why?: string | undefined
  /** What is there, and what would be: lines that differ are shown. */
  before?: unknown
  after?: unknown
}

/** What is remembered of a step that was taken, so that it can be taken back. JSON. */
export type Memory = Readonly<Record<string, unknown>>

export interface StepContext extends Place {
  wanted: Wanted
  /** What the stack says of itself; empty before there is one. */
  outputs: Readonly<Record<string, string>>
}

/** A change that CloudFormation should not own: looked at, made, taken back. */
export interface Step {
  name: string
  title: string
  /** How `destroy` takes it back, in a sentence. */
  undoes: string
  /** What whoever runs `plan` and `apply` needs to be allowed. */
  actions: readonly string[]
  look(context: StepContext): Promise<Finding[]>
  /** What has to be remembered before `make`, so that it can be undone whatever happens then. */
  remember(context: StepContext, place: string): Promise<Memory>
  make(context: StepContext, place: string): Promise<void>
  /** Takes it back; says what was done, in a sentence. */
  undo(context: StepContext, place: string, memory: Memory): Promise<string>
}
