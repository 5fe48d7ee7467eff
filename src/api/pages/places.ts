import { Problem } from '../problem.ts'

/** A place in a list that is a number: how many came before. */
export function numberAfter(after: string | undefined): number {
  if (after === undefined) return 0
  if (!/^\d{1,15}$/.test(after)) throw wrongPlace()
  return Number(after)
}

export function wrongPlace(): Problem {
  return new Problem(422, 'Wrong input', 'after: this is no place in the list')
}
