import { expect, it } from 'vitest'
import { type Need, wayOutOfDenial } from './denial.ts'
import { awsError } from './errors.ts'

const US = 'arn:aws:sts::111122223333:assumed-role/loglake-worker/i-0123'
const ROLE = 'arn:aws:iam::111122223333:role/loglake-batch'
const PASS = { action: 'iam:PassRole', resource: ROLE, passedTo: 'bedrock.amazonaws.com' }

function refusal(name: string, message: string, status = 403): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } })
}
const denied = (action: string, resource: string, because: string, name = 'AccessDeniedException') =>
  refusal(name, `User: ${US} is not authorized to perform: ${action} on resource: ${resource} ${because}`)
const none = (action: string) => `because no identity-based policy allows the ${action} action`

it('a role that may not be handed on is told with its ARN, who hands it on, and the service that gets it', () => {
  const thrown = denied('iam:PassRole', ROLE, none('iam:PassRole'))
  const needs: Need[] = [{ action: 'bedrock:CreateModelInvocationJob' }, PASS]
  const { message } = awsError('start a batch job', 'Bedrock, m', thrown, needs)
  const wayOut = /way out: (.*)$/.exec(message)?.[1] ?? ''
  expect(wayOut).toMatch(new RegExp(`^allow iam:PassRole on ${ROLE} to ${US}: \\{`))
  expect(JSON.parse(wayOut.slice(wayOut.indexOf('{')))).toEqual({
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: ROLE,
    Condition: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
  })
  expect(message).not.toMatch(/s3:|bucket/)
})

it.each<[string, string, Need]>([
  ['SNS:Publish', 'arn:aws:sns:eu-central-1:111122223333:t', { action: 'sns:Publish' }],
  ['sqs:sendmessage', 'arn:aws:sqs:eu-central-1:111122223333:q', { action: 'sqs:SendMessage' }],
])("what AWS spells %s is told in IAM's spelling, with the resource that AWS names", (said, on, need) => {
  const wayOut = wayOutOfDenial(denied(said, on, none(said)), [need])
  expect(wayOut).toContain(`allow ${need.action} on ${on} to ${US}: `)
  expect(wayOut).toContain(`"Action":"${need.action}","Resource":"${on}"`)
})

it('a permission that AWS names is told without knowing what was needed', () => {
  const thrown = denied('cloudtrail:LookupEvents', '*', none('cloudtrail:LookupEvents'))
  expect(wayOutOfDenial(thrown)).toMatch(/^allow cloudtrail:LookupEvents on \* to arn:/)
})

it('where AWS names none, it is the one of the request', () => {
  const thrown = refusal('403', 'UnknownError')
  const need = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/*' }
  expect(wayOutOfDenial(thrown, [need])).toMatch(
    /^allow s3:GetObject on arn:aws:s3:::b\/\* to who we are \(`aws sts get-caller-identity`\): .*; without s3:ListBucket/,
  )
  expect(wayOutOfDenial(thrown)).toBeUndefined()
})

it.each([
  ['with an explicit deny in a service control policy', /^ask the administrators of the AWS organisation/],
  ['because no permissions boundary allows the iam:PassRole action', /^ask the administrator who set the/],
])('a statement of ours does not help where it is denied %s', (because, words) => {
  const wayOut = wayOutOfDenial(denied('iam:PassRole', ROLE, because), [PASS])
  expect(wayOut).toMatch(words)
  expect(wayOut).toContain(`${US} needs iam:PassRole on ${ROLE}: {`)
})

it.each([
  [refusal('AccessDenied', 'User: u is not authorized to perform: kms:Decrypt on resource: k')],
  [refusal('AccessDenied', 'User: u is not authorized to perform: sts:AssumeRole on resource: r')],
  [refusal('ThrottlingException', 'Rate exceeded', 400)],
])('%s has a way out of its own', (thrown) => {
  expect(wayOutOfDenial(thrown, [PASS])).toBeUndefined()
})
