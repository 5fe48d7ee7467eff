import { expect, it } from 'vitest'
import { statements } from '../../src/account/stack/parts/role.ts'
import { OWN_CALLS } from '../../src/analyze/selection.ts'

/** Actions of IAM whose calls have another name in CloudTrail. */
const NAMED: Readonly<Record<string, string>> = {
  's3:ListBucketMultipartUploads': 'ListMultipartUploads',
}

/** Deletions stay in analyses, and handing a role on is no call. */
const LEFT_IN = ['s3:DeleteObject', 'glue:DeleteTable', 'iam:PassRole']

it('every call that the worker may make is its own, but for deletions', () => {
  const actions = statements.flatMap(({ Action }) => Action).map(String)
  expect(actions.length).toBeGreaterThan(20)
  const others = actions.filter((action) => {
    const [service = '', call = ''] = action.split(':')
    return !OWN_CALLS[service]?.includes(NAMED[action] ?? call)
  })
  expect([...new Set(others)].sort()).toEqual([...LEFT_IN].sort())
})

it('nothing that deletes, changes rights or reads secrets is', () => {
  const names = Object.values(OWN_CALLS).flat()
  const WRONG =
    /^(Delete(?!Message)|Remove|Terminate|Attach|Create(?:User|Role|AccessKey)|Put\w*Policy|GetSecret|Update(?!Table$))/
  expect(names.filter((name) => WRONG.test(name))).toEqual([])
})
