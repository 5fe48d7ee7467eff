import type { Identity } from '../../aws/identity.ts'
import type { Fix, Step } from './contract.ts'

/** The AWS CLI's names of services, where they differ from IAM's. */
const CLI: Record<string, string> = { s3: 's3api' }

/** IAM's names of S3 operations, where they differ from the operation's own. */
const ACTIONS: Record<string, string> = {
  PutBucketNotificationConfiguration: 'PutBucketNotification',
  PutPublicAccessBlock: 'PutBucketPublicAccessBlock',
  PutBucketEncryption: 'PutEncryptionConfiguration',
  PutBucketLifecycleConfiguration: 'PutLifecycleConfiguration',
  PutObjectLockConfiguration: 'PutBucketObjectLockConfiguration',
}

/** A call as a command of the AWS CLI: plain values as options, others as JSON. */
export function commandOf({ service, action, region, input, as }: Step): string {
  const words = ['aws', CLI[service] ?? service, dashed(action)]
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    const option = `--${dashed(name)}`
    if (value === true) words.push(option)
    else if (value === false) words.push(`--no-${dashed(name)}`)
    else words.push(option, ...(isPlainList(value) ? value.map(quoted) : [quoted(textOf(value))]))
  }
  if (region !== undefined) words.push('--region', region)
  return [...words, ...identityOptions(as)].join(' ')
}

/** The options for an identity: the AWS CLI knows profiles, and roles only through them. */
function identityOptions({ profile, endpoint }: Identity): string[] {
  return [
    ...(profile === undefined ? [] : ['--profile', quoted(profile)]),
    ...(endpoint === undefined ? [] : ['--endpoint-url', quoted(endpoint)]),
  ]
}

/** Every command of a fix, in order. */
export function commandsOf({ calls = [], commands = [] }: Fix): string[] {
  return [...calls.map(commandOf), ...commands]
}

/** The permissions needed to run the commands of a fix. */
export function permissionsOf({ calls = [] }: Fix): string[] {
  return [...new Set(calls.map(({ service, action }) => `${service}:${ACTIONS[action] ?? action}`))]
}

/**
 * `KMSMasterKeyId` → `kms-master-key-id`, `S3BucketName` → `s3-bucket-name`: as botocore's `xform_name`
 * converts.
 */
export function dashed(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
}

function isPlainList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** For a POSIX shell. No name on AWS has control characters, and they must not reach a terminal. */
export function quoted(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
  const plain = text.replace(/[\x00-\x1f\x7f-\x9f]/g, '?')
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `'${plain.replaceAll("'", "'\\''")}'`
}

/** A command with values in it, each as one word, whatever is in it: sh`aws s3 ls s3://${bucket}/` */
export function sh(texts: TemplateStringsArray, ...values: readonly (string | number | undefined)[]): string {
  const words = values.map((value) => (value === undefined || value === '' ? '' : quoted(String(value))))
  return texts.map((text, at) => text + (words[at] ?? '')).join('')
}
