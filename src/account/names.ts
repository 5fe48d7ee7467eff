import type { Place, StepContext } from './contract.ts'

/** Names that the template gives, known before the stack exists. */
export function logBucketName({ outputs, wanted, account, region }: StepContext): string {
  return outputs.LogBucket ?? newLogBucket(wanted.stack, { account, region })
}

export function newLogBucket(stack: string, { account, region }: Pick<Place, 'account' | 'region'>): string {
  return `${stack}-logs-${account}-${region}`
}

export function newLakeBucket(stack: string, { account, region }: Pick<Place, 'account' | 'region'>): string {
  return `${stack}-lake-${account}-${region}`
}
