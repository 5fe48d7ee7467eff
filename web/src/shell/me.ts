import { type Name, type Output, useAsk } from '../api/client.ts'
import { type Place, places } from './places.ts'

/** The person at the browser, with the operations they may call. */
export function useMe(): Output<'me'> | undefined {
  return useAsk('me', {}).data
}

/** Where a person begins: Overview; who sees no logs, as auditors, at the pages that are for them. */
export function homeOf(me: Output<'me'> | undefined): Place | undefined {
  const shown = places.filter(({ needs }) => may(me, needs))
  return may(me, 'overview') ? shown[0] : (shown.find(({ group }) => group === 'audit') ?? shown[0])
}

export function may(me: Output<'me'> | undefined, operation: Name): boolean {
  return me?.operations.includes(operation) ?? false
}
