import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/** The reader of YAML, loaded when there is some: most commands have none to read, and it is a twentieth of their start. */
export function yaml(): typeof import('yaml') {
  return require('yaml')
}
