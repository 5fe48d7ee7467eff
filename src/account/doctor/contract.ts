import type { AwsClients } from '../../aws/clients.ts'
import type { Denial } from '../../aws/denial.ts'
import type { Identity } from '../../aws/identity.ts'
import type { AwsCall } from '../../aws/send.ts'
import type { Setup } from './setup.ts'

/**
 * The result of a line: it holds; it does not; it cannot be determined; or it does not apply to this set-up.
 */
export type State = 'ok' | 'not' | 'unknown' | 'none'

/** Checks in the order in which a set-up is repaired: without an identity, nothing else works. */
export const GROUPS = [
  'This machine',
  'Who we are',
  'Logs are recorded',
  'Logs arrive',
  'The lake',
  'What leaves',
  'Cost and denials',
] as const

export type Group = (typeof GROUPS)[number]

/**
 * One condition for logs to get from an account into the lake. A check is one file in `checks/` and one line
 * in `index.ts`; it only reads, unless it may write, and knows nothing of other checks.
 */
export interface Check {
  /** As in `queue-policy`: its file's name, and the value of `--check`. */
  name: string
  group: Group
  /** The condition, as a sentence. */
  title: string
  /** What it examines, and why that matters: for the documentation. */
  doc: string
  /** The minimal permissions, in IAM's names; empty when it calls no service. */
  permissions: readonly string[]
  /** The remedy in a few words: for the documentation. */
  mends: string
  /** It calls AWS: skipped when nothing is on AWS, or without an identity. */
  aws?: true
  /** It writes, and only runs on request. */
  writes?: true
  /** It reads the results of other checks, and runs after them. */
  last?: true
  run(premises: Premises): Promise<Line[]>
}

/** A check's result about one thing. */
export interface Line {
  state: State
  /** A queue's URL, a bucket, a source; undefined when the check is about a single thing. */
  about?: string | undefined
  says: string
  fix?: Fix | undefined
  denied?: Denial | undefined
}

/**
 * A remedy. Calls of AWS are shown as commands; `--fix` sends them when they change only our own resources.
 */
export interface Fix {
  /** Its effect, in one sentence. */
  does: string
  calls?: readonly Step[]
  /** Commands outside the AWS CLI, and instructions where there is no command. */
  commands?: readonly string[]
  /** It only changes resources of loglake: its queue, its lake's bucket. */
  ours?: true
  /** Its cost, with the date of the price. */
  costs?: string
}

/** A call of AWS, and its caller. */
export interface Step extends AwsCall {
  as: Identity
}

/** The input of checks. */
export interface Premises {
  setup: Setup
  /** Whether markers may be written. */
  write: boolean
  /** Whether destinations and sign-in services may be contacted, over the network. */
  reach: boolean
  now(): number
  aws(identity: Identity): AwsClients
  /** Runs shared work once for several checks. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>
  /** All denials by AWS so far, in any check. */
  denials: { check: string; denial: Denial }[]
}

export function ok(says: string, about?: string): Line {
  return { state: 'ok', says, about }
}

export function not(says: string, fix: Fix, about?: string): Line {
  return { state: 'not', says, fix, about }
}

export function unknown(says: string, about?: string, fix?: Fix): Line {
  return { state: 'unknown', says, about, fix }
}

/** The check does not apply here, and nothing needs repair. */
export function none(says: string, about?: string): Line {
  return { state: 'none', says, about }
}
