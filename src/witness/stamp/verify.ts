import type { X509Certificate } from 'node:crypto'
import type { Storage } from '../../lake/storage/contract.ts'
import { checkStamp, type Stamp } from './check.ts'
import { requestKey, stampKey } from './keep.ts'

/** A checkpoint's stamp, or its fault. */
export type Found = { size: number; key: string } & (
  | { kind: 'sound'; stamp: Stamp }
  | { kind: 'wrong'; why: unknown }
)

/** Checks every stored stamp below a prefix against its checkpoint. */
export async function* stampsIn(
  storage: Storage,
  prefix: string,
  trusted: readonly X509Certificate[],
): AsyncGenerator<Found> {
  for (const size of await stampedSizes(storage, prefix)) {
    const key = stampKey(size, prefix)
    try {
      const bytes = await storage.read(`${prefix}/checkpoints/${size}`)
      const request = Buffer.from(await storage.read(requestKey(size, prefix)))
      const stamp = checkStamp(Buffer.from(await storage.read(key)), { bytes, request, trusted })
      yield { kind: 'sound', size, key, stamp }
    } catch (why) {
      yield { kind: 'wrong', size, key, why }
    }
  }
}

/** Sizes of the checkpoints with a stamp, the smallest first. */
export async function stampedSizes(storage: Storage, prefix: string): Promise<number[]> {
  const sizes: number[] = []
  for await (const { key } of storage.list(`${prefix}/stamps`)) {
    const size = /\/(\d+)\.tsr$/.exec(key)?.[1]
    if (size !== undefined) sizes.push(Number(size))
  }
  return sizes.sort((a, b) => a - b)
}
