/** Bits of a character: 1 digit, 2 letter or `_`, 4 sign by which something is found. */
export const KIND = new Uint8Array(0x10000)
for (let code = 0; code < 0x10000; code++) {
  const character = String.fromCharCode(code)
  if (character >= '0' && character <= '9') KIND[code] = 1
  else if (/[\p{L}\p{M}_]/u.test(character)) KIND[code] = 2
  else if (character === '@' || character === ':' || character === '+' || character === '(') KIND[code] = 4
}

/** Signs between the groups of a number. */
export const isSeparator = (code: number) =>
  code === 0x20 || code === 0x2b || code === 0x2d || code === 0x2e || code === 0x3a
