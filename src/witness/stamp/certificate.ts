import type { X509Certificate } from 'node:crypto'
import { inside, oidText, onlyValue, TAG, type Value, valuesIn } from './der.ts'

/** Fields of a certificate (RFC 5280) that Node does not expose. */
export interface CertificateFields {
  /** In DER, like the issuer. */
  serial: Buffer
  issuer: Buffer
  extensions: ReadonlyMap<string, { isCritical: boolean; content: Buffer }>
}

export function fieldsOf({ raw }: X509Certificate): CertificateFields {
  const body = inside(inside(onlyValue(raw))[0])
  // The version comes first, unless it is version 1.
  const [serial, , issuer] = body[0]?.tag === 0xa0 ? body.slice(1) : body
  const extensions = new Map<string, { isCritical: boolean; content: Buffer }>()
  for (const list of body.filter(({ tag }) => tag === 0xa3))
    for (const extension of inside(inside(list, 0xa3)[0])) {
      const parts = valuesIn(extension.content)
      const isCritical = parts[1]?.tag === TAG.boolean && parts[1].content[0] === 0xff
      extensions.set(oidText(parts[0]), { isCritical, content: (parts.at(-1) as Value).content })
    }
  return { serial: (serial as Value).whole, issuer: (issuer as Value).whole, extensions }
}
