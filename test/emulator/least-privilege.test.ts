import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examine } from '../../src/account/doctor/examine.ts'
import { checksNamed } from '../../src/account/doctor/index.ts'
import { setupFor } from '../../src/workspace/doctor.ts'
import { type Account, makeAccount, type Written } from './enforced.ts'
import { type JobName, jobs } from './worker-jobs.ts'

/**
 * The role that the template makes is enough for all that a worker does, and none of its actions is too much: each is taken away in
 * turn, something fails, and the doctor names it. Policies are in force, in an IAM that is none of ours.
 */

/** Each action of each statement, and a job that does not get by without it. */
const MUTATIONS: readonly [sid: string, action: string, job: JobName | undefined][] = [
  ['HearOfObjects', 'sqs:ChangeMessageVisibility', 'runQueue'],
  ['HearOfObjects', 'sqs:DeleteMessage', 'runQueue'],
  ['HearOfObjects', 'sqs:GetQueueAttributes', 'status'],
  ['HearOfObjects', 'sqs:ReceiveMessage', 'runQueue'],
  ['ReadLogs', 's3:GetObject', 'ingest'],
  ['ReadLogs', 's3:GetObjectVersion', 'runQueue'],
  ['LookIntoLogs', 's3:ListBucket', 'ingest'],
  ['ReadExistingLogs', 's3:GetObject', 'ingestOld'],
  ['ReadExistingLogs', 's3:GetObjectVersion', 'runOldQueue'],
  ['LookIntoExistingLogs', 's3:ListBucket', 'ingestOld'],
  ['WriteLake', 's3:AbortMultipartUpload', 'vacuum'],
  ['WriteLake', 's3:DeleteObject', 'vacuum'],
  ['WriteLake', 's3:GetObject', 'compact'],
  ['WriteLake', 's3:PutObject', 'ingest'],
  ['LookIntoLake', 's3:ListBucket', 'vacuum'],
  ['LookIntoLake', 's3:ListBucketMultipartUploads', 'vacuum'],
  ['UseKey', 'kms:Decrypt', undefined],
  ['UseKey', 'kms:GenerateDataKey', undefined],
  ['ReadByOtherKeys', 'kms:Decrypt', undefined],
  ['Mirror', 'glue:CreateTable', 'mirror'],
  ['Mirror', 'glue:DeleteTable', 'mirrorWithoutViews'],
  ['Mirror', 'glue:GetDatabase', 'mirror'],
  ['Mirror', 'glue:GetTable', 'mirror'],
  ['Mirror', 'glue:GetTables', 'mirror'],
  ['Mirror', 'glue:UpdateTable', 'mirror'],
  ['Analyze', 'bedrock:CreateModelInvocationJob', 'analyzeInBatches'],
  ['Analyze', 'bedrock:GetModelInvocationJob', 'analyzeInBatches'],
  ['Analyze', 'bedrock:InvokeModel', 'analyzeAtOnce'],
  ['LookIntoBatches', 'bedrock:ListModelInvocationJobs', 'analyzeInBatches'],
  ['LookIntoBatches', 'servicequotas:ListServiceQuotas', 'analyzeInBatches'],
  ['HandOn', 'iam:PassRole', 'analyzeInBatches'],
  ['FindLogGroups', 'logs:DescribeLogGroups', 'runGroups'],
  ['ReadLogGroups', 'logs:FilterLogEvents', 'runGroups'],
]

/** No emulator asks KMS when it reads or writes; the doctor names the first two all the same. */
const NOT_ENFORCED = MUTATIONS.filter(([, , job]) => job === undefined)
/** Handing on a role is no request of its own. */
const NO_REQUEST = ['iam:PassRole']

/** In the short form, one action of each statement, the quickest ones. */
const isFull = process.env.LOGLAKE_FAULTS === 'full'
const enforced = MUTATIONS.filter(
  ([sid, , job], at) => job !== undefined && (isFull || MUTATIONS.findIndex(([one]) => one === sid) === at),
)

let account: Account
const used = new Map<JobName, Set<string>>()
beforeAll(async () => {
  account = await makeAccount()
}, 300_000)
afterAll(() => account?.stop())

function without(sid: string, action: string): Written[] {
  return account.policy
    .map((one) =>
      one.Sid === sid ? { ...one, Action: one.Action.filter((other) => other !== action) } : one,
    )
    .filter(({ Action }) => Action.length > 0)
}

/** What the doctor says of the actions, as the worker. */
async function doctor(): Promise<string[]> {
  Object.assign(process.env, account.env)
  const { setup } = setupFor({ config: account.config }, '0.0.0')
  const { lines } = await examine(setup, { checks: checksNamed(['actions'], []) })
  return lines.map(({ state, says }) => `${state}: ${says}`)
}

it('has each action of the template in the list above', () => {
  const written = account.policy.flatMap(({ Sid, Action }) => Action.map((action) => `${Sid} ${action}`))
  expect(MUTATIONS.map(([sid, action]) => `${sid} ${action}`).sort()).toEqual(written.sort())
})

it('is enough for every job, and the doctor finds nothing missing', async () => {
  await account.allow(account.policy)
  for (const [name, job] of Object.entries(jobs) as [JobName, (typeof jobs)[JobName]][]) {
    const from = account.gate.sent.length
    const { ok, said } = await job(account)
    expect(ok, `${name}\n${said}`).toBe(true)
    used.set(name, new Set(account.gate.sent.slice(from).map(({ action }) => action)))
  }
  expect(await doctor()).toEqual([expect.stringMatching(/^ok: \d+ actions are allowed/)])
}, 300_000)

it('is what our clients send, and nothing besides', () => {
  const sent = new Set([...used.values()].flatMap((actions) => [...actions]))
  const allowed = new Set(account.policy.flatMap(({ Action }) => Action))
  expect([...sent].filter((action) => !allowed.has(action))).toEqual([])
  const silent = [...allowed].filter((action) => !sent.has(action)).sort()
  expect(silent).toEqual([...new Set([...NO_REQUEST, ...NOT_ENFORCED.map(([, action]) => action)])].sort())
  for (const [, action, job] of enforced)
    if (job && !NO_REQUEST.includes(action)) expect([...(used.get(job) ?? [])]).toContain(action)
})

describe('without one action', () => {
  it.each(enforced)('%s %s: %s fails, and the doctor names it', async (sid, action, job) => {
    await account.allow(without(sid, action))
    const { ok, said } = await jobs[job as JobName](account)
    expect(ok, said).toBe(false)
    expect(said).toContain(action)
    const missing = (await doctor()).filter((line) => line.startsWith('not:'))
    const named = missing.flatMap((line) => [...line.matchAll(/(\w+:\w+) on arn:|(\w+:\w+) on \*/g)])
    expect([...new Set(named.map(([, one, other]) => one ?? other))]).toEqual([action])
  })

  it.each(NOT_ENFORCED.slice(0, 2))('%s %s: the doctor names it', async (sid, action) => {
    await account.allow(without(sid, action))
    expect(await doctor()).toContainEqual(expect.stringMatching(new RegExp(`^not: .*${action} on `)))
  })
})
