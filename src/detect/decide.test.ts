import { expect, it } from 'vitest'
import { type Decision, faultOf } from './decide.ts'

const nothing: Decision = { state: undefined, verdict: undefined, reason: undefined, assignee: undefined }

it.each<[Partial<Decision>, string | undefined]>([
  [{ state: 'taken' }, undefined],
  [{ assignee: 'alice' }, undefined],
  [{ state: 'open', reason: 'there is no such change' }, undefined],
  [{ verdict: 'benign', reason: 'planned' }, undefined],
  [{ state: 'closed', verdict: 'benign', reason: 'planned' }, undefined],
  [{ state: 'closed' }, 'closed without a verdict'],
  [{ state: 'closed', reason: 'planned' }, 'closed without a verdict'],
  [{ verdict: 'benign' }, 'verdict without a reason'],
  [{ state: 'closed', verdict: 'benign', reason: ' ' }, 'verdict without a reason'],
  [{ state: 'open', verdict: 'benign', reason: 'planned' }, 'verdict without an end'],
  [{ state: 'taken', verdict: 'benign' }, 'verdict without an end'],
])('finds what is wrong with %o: %s', (decision, fault) => {
  expect(faultOf({ ...nothing, ...decision })).toBe(fault)
})
