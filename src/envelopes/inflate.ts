import type { InputType, Zlib, ZlibOptions } from 'node:zlib'

/** Runs a function of zlib, and also returns how many bytes it read. */
export function informed(
  inflate: (bytes: InputType, options: ZlibOptions) => Buffer,
  bytes: Uint8Array,
  options: ZlibOptions,
): { buffer: Buffer; engine: Zlib } {
  return inflate(bytes, { ...options, info: true }) as unknown as { buffer: Buffer; engine: Zlib }
}
