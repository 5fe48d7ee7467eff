import type { X509Certificate } from 'node:crypto'
import type { Storage } from '../../lake/storage/contract.ts'
import { checkStamp, type Stamp } from './check.ts'
import { requestKey, stampKey } from './keep.ts'

/** A stamp of a checkpoint, or what is wrong with it. */
export type Found = { size: number; key: string } & ({ stamp: Stamp } | { wrong: unknown })

/** Checks every stamp that is kept below a prefix against the checkpoint that it is of. */
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
      yield { size, key, stamp }
    } catch (wrong) {
      yield { size, key, wrong }
    }
  }
}

/** Checkpoints that have a stamp, the smallest first. */
export async function stampedSizes(storage: Storage, prefix: string): Promise<number[]> {
  const sizes: number[] = []
  for await (const { key } of storage.list(`${prefix}/stamps`)) {
    const size = /\/(\d+)\.tsr$/.exec(key)?.[1]
    if (size !== undefined) sizes.push(Number(size))
  }
  return sizes.sort((a, b) => a - b)
}
