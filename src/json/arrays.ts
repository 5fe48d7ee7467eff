type Numbers = Int32Array | Uint32Array | Float64Array | Uint8Array

/** Copies an array's items to the start of a longer array. */
export function copyInto<T extends Numbers>(longer: T, old: T): T {
  longer.set(old)
  return longer
}

/** An array of twice the length, with the same items at its start. */
export function doubled<T extends Numbers>(old: T): T {
  return copyInto(new (old.constructor as new (length: number) => T)(old.length * 2), old)
}
