import { describe, expect, it } from 'vitest'
import { LakeError, UserError } from '../lib/errors.ts'
import { awsError, saidBy, type Trouble, troubleOf } from './errors.ts'

function refusal(name: string, message = '', status = 400, more: object = {}): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status }, ...more })
}

const KMS = 'User: arn:aws:iam::111122223333:user/a is not authorized to perform: kms:Decrypt on resource: k'
const ROLE =
  'User: u is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::444455556666:role/r'

describe('what AWS refuses for', () => {
  it.each<[Trouble, Error]>([
    [
      'no credentials',
      refusal('CredentialsProviderError', 'Could not load credentials from any providers', 0),
    ],
    [
      'expired',
      refusal('CredentialsProviderError', 'The SSO session associated with this profile has expired.'),
    ],
    ['expired', refusal('ExpiredToken', 'The provided token has expired.')],
    [
      'expired',
      refusal('ExpiredTokenException', 'The security token included in the request is expired', 403),
    ],
    ['unsaid', refusal('Unknown', 'UnknownError')],
    ['unsaid', refusal('BadRequest', 'Bad Request')],
    ['unknown key', refusal('InvalidAccessKeyId', 'no such key', 403)],
    ['unknown key', refusal('SignatureDoesNotMatch', 'does not match', 403)],
    ['clock', refusal('RequestTimeTooSkewed', 'The difference between ...', 403)],
    ['clock', refusal('SignatureDoesNotMatch', 'Signature expired: 20260101T000000Z is now earlier', 403)],
    ['role denied', refusal('AccessDenied', ROLE, 403)],
    ['KMS denied', refusal('AccessDenied', KMS, 403)],
    ['KMS denied', refusal('KMS.DisabledException', 'k is disabled')],
    ['denied', refusal('AccessDenied', 'Access Denied', 403)],
    ['denied', refusal('403', 'UnknownError', 403)],
    ['missing', refusal('NoSuchKey', 'The specified key does not exist.', 404)],
    ['missing', refusal('NotFound', 'UnknownError', 404)],
    ['no bucket', refusal('NoSuchBucket', 'The specified bucket does not exist', 404)],
    ['archived', refusal('InvalidObjectState', 'not valid for the storage class', 403)],
    ['no Region', new Error('Region is missing')],
    ['other Region', refusal('PermanentRedirect', 'must be addressed using the specified endpoint', 301)],
    ['exists', refusal('PreconditionFailed', 'At least one of the pre-conditions', 412)],
    ['conflict', refusal('ConditionalRequestConflict', 'Please retry', 409)],
    ['slow down', refusal('SlowDown', 'Please reduce your request rate.', 503)],
    ['slow down', refusal('ThrottlingException', 'Rate exceeded')],
    ['service', refusal('InternalError', 'We encountered an internal error.', 500)],
    ['network', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })],
    ['network', Object.assign(new Error('aborted'), { code: 'ECONNRESET' })],
    ['other', new Error('x is not a function')],
    ['expired', refusal('UnauthorizedSSOTokenError', 'The SSO session has expired', 401)],
    ['page token', refusal('InvalidNextTokenException', 'The token has expired')],
    ['page token', refusal('InvalidPaginationTokenException', 'expired')],
    ['page token', refusal('ExpiredNextTokenException', 'The specified token is expired')],
    ['page token', refusal('InvalidParameterException', 'The specified nextToken is invalid.')],
    ['page token', refusal('InvalidArgument', 'The continuation token provided is incorrect')],
    ['other', refusal('ReceiptHandleIsInvalid', 'The receipt handle has expired')],
    ['other', refusal('UploadTokenException', 'The upload token has expired')],
    ['slow down', refusal('KMS.ThrottlingException', 'Rate exceeded')],
    ['slow down', refusal('KmsThrottled', 'Rate exceeded')],
    ['service', refusal('KMSInternalException', 'try again', 500)],
    ['denied', refusal('AccessDenied', 'not authorized to perform: s3:GetObject on b/kms:notes', 403)],
    ['denied', refusal('AccessDenied', 'not authorized to perform: s3:GetObject on b/sts:AssumeRole', 403)],
    ['other', refusal('TransactionCanceledException', 'The transaction was aborted')],
    ['other', refusal('ValidationException', 'The value for region is missing')],
  ])('%s: %s', (trouble, thrown) => {
    expect(troubleOf(thrown)).toBe(trouble)
    const told = awsError('read', 's3://bucket/key', thrown)
    expect(told).toSatisfy((error) => error instanceof UserError || error instanceof LakeError)
    expect(told.message).toMatch(/cannot read: .*\n {2}(place|file): s3:\/\/bucket\/key\n {2}way out: .+/)
  })

  it('comes without the request, which holds the session token', () => {
    const thrown = refusal('SignatureDoesNotMatch', 'does not match', 403, {
      CanonicalRequest: 'x-amz-security-token:THE-TOKEN',
      $response: { headers: { secret: 'THE-TOKEN' } },
    })
    const told = awsError('read', 's3://bucket/key', thrown)
    const all = JSON.stringify([
      told.message,
      told.stack,
      String(told.cause),
      (told.cause as Error).stack,
      told,
    ])
    expect(all).not.toMatch(/THE-TOKEN/)
  })

  it('is told in one line, with what support asks for', () => {
    const thrown = refusal('SlowDown', 'Please reduce.\nNow.', 503)
    Object.assign(thrown, { $metadata: { httpStatusCode: 503, requestId: 'ABC' } })
    expect(saidBy(thrown)).toBe('SlowDown: Please reduce.; HTTP 503, request ABC')
    expect(saidBy(new Error('plain'))).toBe('plain')
    expect(saidBy(refusal('NotFound', 'UnknownError', 404))).toBe('NotFound; HTTP 404')
  })
})
