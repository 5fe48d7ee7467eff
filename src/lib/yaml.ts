import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * The YAML parser, loaded on first use: most commands read no YAML, and loading it takes a twentieth of their
 * start.
 */
export function yaml(): typeof import('yaml') {
  return require('yaml')
}
