import type { Delivery } from '../contract.ts'

/**
 * The bodies of batches: each is made while the batch before it is under way, and made once however often it
 * is sent.
 */
export interface Bodies<Body> {
  prepare(batch: readonly Delivery[]): Promise<void>
  of(batch: readonly Delivery[]): Promise<Body>
}

export function openBodies<Body>(make: (batch: readonly Delivery[]) => Promise<Body>): Bodies<Body> {
  const made = new WeakMap<readonly Delivery[], Body>()
  async function of(batch: readonly Delivery[]): Promise<Body> {
    const body = made.get(batch) ?? (await make(batch))
    made.set(batch, body)
    return body
  }
  return {
    of,
    async prepare(batch) {
      await of(batch)
    },
  }
}
