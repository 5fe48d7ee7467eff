import type { Delivery } from '../contract.ts'

/** Whether what is sent is no object of JSON: a template's text may begin like one, as in `[ERROR] …`. */
export function isPlain({ text, plain = false }: Delivery): boolean {
  return plain || !text.startsWith('{')
}
