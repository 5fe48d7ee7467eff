/** The Iceberg v2 metadata layer: bytes and plain values in, bytes and plain values out. */
export * from './manifest.ts'
export { blocksOf } from './manifest-blocks.ts'
export * from './manifest-list.ts'
export * from './metadata.ts'
export * from './parse.ts'
export * from './prune.ts'
export * from './snapshot.ts'
export * from './stats.ts'
export * from './types.ts'
export {
  compareBounds,
  fromBytes,
  toBytes,
  toStored,
  type Value,
} from './value.ts'
