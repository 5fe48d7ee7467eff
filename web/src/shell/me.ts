import { type Name, type Output, useAsk } from '../api/client.ts'

/** Who looks at the page, and what they may do. */
export function useMe(): Output<'me'> | undefined {
  return useAsk('me', {}).data
}

export function may(me: Output<'me'> | undefined, operation: Name): boolean {
  return me?.operations.includes(operation) ?? false
}
