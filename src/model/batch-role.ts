import { saidBy } from '../aws/errors.ts'
import { UserError } from '../lib/errors.ts'

/** The role that Bedrock takes to read and write the records of a batch job. */
interface BatchRole {
  role: string
  arns: { bucket: string; objects: string }
  kmsKey: string | undefined
}

/** Bedrock tries the role before it takes a job, and reports what it may not do as a wrong request. */
export function isAboutRole(thrown: unknown): boolean {
  const { name, message } = thrown as Error
  return name === 'ValidationException' && /\brole\b|\bS3\b|\bbucket\b|\bKMS\b/i.test(message)
}

/** Says what the role needs. */
export function roleError(thrown: unknown, { role, arns, kmsKey }: BatchRole): UserError {
  const said = saidBy(thrown)
  const onKey = kmsKey === undefined ? '' : `, kms:Decrypt and kms:GenerateDataKey on ${kmsKey}`
  return new UserError(
    `cannot start a batch job: ${said}; way out: the batch role ${role} needs s3:GetObject and s3:PutObject on ${arns.objects}, s3:ListBucket on ${arns.bucket}${onKey}, and a trust policy that names bedrock.amazonaws.com`,
    { cause: new Error(said) },
  )
}
