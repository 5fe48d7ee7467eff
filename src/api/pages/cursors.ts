import { Problem } from '../problem.ts'

/** A place in a list, as the number of rows before it. */
export function numberAfter(after: string | undefined): number {
  if (after === undefined) return 0
  if (!/^\d{1,15}$/.test(after)) throw wrongCursor()
  return Number(after)
}

export function wrongCursor(): Problem {
  return new Problem(422, 'Wrong input', 'after: this is no place in the list')
}
