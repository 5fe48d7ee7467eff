import { LakeError, UserError } from '../lib/errors.ts'
import { type Need, wayOutOfDenial } from './denial.ts'
import { saidBy, type Trouble, troubleOf } from './trouble.ts'

export { mayPass, saidBy, type Trouble, troubleOf } from './trouble.ts'

const WORDS: Record<Trouble, { what: string; wayOut: string }> = {
  'no credentials': {
    what: 'no AWS credentials were found',
    wayOut:
      'log in (`aws sso login`), set AWS_PROFILE, or name a profile or role under `identity` in loglake.yaml',
  },
  expired: {
    what: 'the AWS credentials have expired',
    wayOut: 'log in again (`aws sso login`), or fetch new ones; then run the same command again',
  },
  unsaid: {
    what: 'AWS refuses it and does not say why',
    wayOut:
      'most often the credentials have expired: see with `aws sts get-caller-identity`, and log in again',
  },
  'unknown key': {
    what: 'AWS does not know these credentials',
    wayOut:
      'see with `aws sts get-caller-identity` whose they are; a key may be deleted, or belong to another partition',
  },
  clock: {
    what: "this machine's clock is wrong by more than AWS accepts",
    wayOut: 'set the clock (`timedatectl set-ntp true`)',
  },
  'role denied': {
    what: 'the role may not be assumed',
    wayOut:
      'the trust policy of the role must name our identity (`aws sts get-caller-identity`) and the same external id, and we need sts:AssumeRole on it',
  },
  'KMS denied': {
    what: 'the KMS key may not be used',
    wayOut:
      'the key must be enabled and its policy must allow kms:Decrypt for reading, kms:GenerateDataKey too for writing',
  },
  denied: {
    what: 'AWS denies it',
    wayOut:
      'allow it in the policies of the role and of the bucket; without s3:ListBucket, S3 also denies missing objects',
  },
  missing: {
    what: 'it is not there',
    wayOut: 'check the name; with a lifecycle rule on the bucket it may have been removed',
  },
  'no bucket': {
    what: 'there is no such bucket, queue or log group',
    wayOut: 'check its name, its Region and the endpoint',
  },
  archived: {
    what: 'the object is archived in Glacier',
    wayOut: 'restore it first (`aws s3api restore-object`)',
  },
  'no Region': {
    what: 'no AWS Region is set',
    wayOut: 'set AWS_REGION, or `region` under `identity` in loglake.yaml',
  },
  'other Region': {
    what: 'it is in another Region',
    wayOut: 'set `region` under `identity` in loglake.yaml to the Region that it is in',
  },
  'page token': {
    what: 'the token of the next page expired before it was used',
    wayOut: 'run again: the list starts from the beginning',
  },
  exists: { what: 'it is there already', wayOut: 'run again' },
  conflict: { what: 'another program is writing it at this moment', wayOut: 'run again' },
  'slow down': { what: 'AWS asks for fewer requests', wayOut: 'run again a little later' },
  network: {
    what: 'AWS cannot be reached',
    wayOut: 'check the network, a proxy or a VPC endpoint in between, and the endpoint in loglake.yaml',
  },
  service: { what: 'the service failed', wayOut: 'run again a little later' },
  other: { what: 'AWS refuses it', wayOut: 'see what it says' },
}

/** A kind of trouble in words, and its remedy. */
export function wayOutOf(thrown: unknown): { what: string; wayOut: string } {
  return WORDS[troubleOf(thrown)]
}

/** Troubles that the user cannot fix: the lake cannot be reached for now. */
const NOT_OF_THE_USER: readonly Trouble[] = [
  'conflict',
  'slow down',
  'network',
  'service',
  'other',
  'unsaid',
  'missing',
  'page token',
]

/**
 * An SDK error in words that a person can act on.
 *
 * @param action what was being done, as in `read`
 * @param place what it was done to, as in `s3://bucket/key`
 * @param needs the permissions for it; the first is meant by a denial that names none
 */
export function awsError(action: string, place: string, thrown: unknown, needs?: readonly Need[]): Error {
  if (thrown instanceof UserError || thrown instanceof LakeError) return thrown
  const trouble = troubleOf(thrown)
  const { what } = WORDS[trouble]
  const wayOut = wayOutOfDenial(thrown, needs) ?? WORDS[trouble].wayOut
  const said = saidBy(thrown)
  const cause = new Error(said)
  const sentenceOf = `cannot ${action}: ${what} (${said})`
  return NOT_OF_THE_USER.includes(trouble)
    ? new LakeError(sentenceOf, { file: place, remedy: wayOut, cause })
    : new UserError(`${sentenceOf}\n  place: ${place}\n  way out: ${wayOut}`, { cause })
}
