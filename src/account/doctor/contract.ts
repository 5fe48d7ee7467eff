import type { AwsClients } from '../../aws/clients.ts'
import type { Denial } from '../../aws/denial.ts'
import type { Identity } from '../../aws/identity.ts'
import type { AwsCall } from '../../aws/send.ts'
import type { Setup } from './setup.ts'

/**
 * What a line says: it holds; it does not; nobody can tell from here; or there is nothing of the kind in this set-up.
 */
export type State = 'ok' | 'not' | 'unknown' | 'none'

/** Checks in the order in which somebody mends a set-up: nothing arrives before one is somebody to AWS. */
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
 * One thing that must hold for logs to come from an account into the lake. A check is one file in `checks/` and one line in
 * `index.ts`; it only reads, unless it is told to write, and knows nothing of other checks.
 */
export interface Check {
  /** As in `queue-policy`: its file's name, and what `--check` takes. */
  name: string
  group: Group
  /** What holds where it is ok, as a sentence. */
  title: string
  /** What it looks at, and why that matters: for the documentation. */
  doc: string
  /** The least that it needs, as IAM names actions; none where it asks no service. */
  permissions: readonly string[]
  /** What mends it, in a few words: for the documentation. */
  mends: string
  /** It asks AWS: it is left alone where nothing is on AWS, and where nobody is signed in. */
  aws?: true
  /** It writes, and only runs when that was asked for. */
  writes?: true
  /** It reads what other checks met, and comes after them. */
  last?: true
  run(premises: Premises): Promise<Line[]>
}

/** What a check found about one thing. */
export interface Line {
  state: State
  /** A queue's URL, a bucket, a source; undefined where the check looks at one thing alone. */
  about?: string | undefined
  says: string
  fix?: Fix | undefined
  denied?: Denial | undefined
}

/** How it is mended. Calls of AWS are shown as commands, and sent by `--fix` where what they change is ours. */
export interface Fix {
  /** What comes of it, in one sentence. */
  does: string
  calls?: readonly Step[]
  /** Commands that are none of the AWS CLI, and words for what has no command. */
  commands?: readonly string[]
  /** What it changes belongs to loglake alone: its queue, its lake's bucket. */
  ours?: true
  /** What it costs, with the date of the price. */
  costs?: string
}

/** A call of AWS, and who makes it. */
export interface Step extends AwsCall {
  as: Identity
}

/** What checks work with. */
export interface Premises {
  setup: Setup
  /** Whether markers may be written. */
  write: boolean
  /** Whether destinations and sign-in services may be asked, over the network. */
  reach: boolean
  now(): number
  aws(identity: Identity): AwsClients
  /** Asks once what several checks want to know. */
  once<T>(key: string, work: () => Promise<T>): Promise<T>
  /** What AWS has denied so far, to any check. */
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

/** There is nothing of the kind here, and nothing to be mended. */
export function none(says: string, about?: string): Line {
  return { state: 'none', says, about }
}
