import { resolve } from 'node:path'
import type { Document, Pair } from 'yaml'
import { sentence } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { keepSecret } from '../lib/secrets.ts'
import { readSmallFile } from '../lib/small-file.ts'
import { yaml } from '../lib/yaml.ts'

/** Where the values of variables come from. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  /** Paths of `${file:path}` are relative to this folder. */
  folder: string
}

export interface VariableFault {
  /** The value's position in the text. */
  offset: number | undefined
  fault: string
}

/** The result of replacing variables in a configuration. */
export interface Resolved {
  faults: VariableFault[]
  /** Settings with a secret value, as in `variables.SPLUNK_TOKEN`, which are never shown. */
  secrets: Set<string>
  /** Paths of the settings whose value came from a variable. */
  filled: string[][]
}

const VARIABLE = /\$(\$?)\{([^{}]*)\}/g
const NAME = /^[A-Za-z_]\w*$/
const SECRET = /SECRET|TOKEN|PASSW|CREDENTIAL|PRIVATE|APIKEY|API_KEY/i
/** 64 KiB: a larger file is not a secret, but a mistake in the path. */
const MAX_BYTES = 64 << 10

interface Value {
  text: string
  secret: boolean
}

class Unset extends Error {}

/**
 * Replaces `${NAME}` in every text of a document, by the environment's value or else that of the block
 * `variables`. `${file:path}` is replaced by the text of a file, without its last line break, and is secret.
 * `$${` stands for `${`.
 */
export function fillVariables(document: Document, surroundings: Surroundings): Resolved {
  const found: Resolved = { faults: [], secrets: new Set(), filled: [] }
  const block = blockOf(document)
  const wrong = (offset: number | undefined, fault: string) => found.faults.push({ offset, fault })

  for (const [name, { text, offset }] of block) {
    // A secret must not be written in the file; it may be taken from elsewhere.
    if (SECRET.test(name) && text.replace(VARIABLE, '').trim() !== '')
      wrong(
        offset,
        `variables.${name}: a secret is not written here: take it from the environment, as in \${${name}}, or from a file, as in \${file:/run/secrets/${name.toLowerCase()}}`,
      )
  }

  yaml().visit(document, {
    Scalar(key, node, above) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('${')) return
      const path = pathOf(key, above)
      try {
        const inBlock = path[0] === 'variables' && path.length === 2 ? [path[1] as string] : []
        const { text, secret } = fill(node.value, inBlock)
        if (secret) found.secrets.add(path.join('.'))
        if (text !== node.value) found.filled.push(path)
        node.value = text
      } catch (thrown) {
        if (!(thrown instanceof Unset)) throw thrown
        wrong(node.range?.[0], `${path.join('.')}: ${thrown.message}`)
      }
    },
  })
  return found

  function fill(text: string, above: readonly string[]): Value {
    let secret = false
    const filled = text.replace(VARIABLE, (whole, second: string, name: string) => {
      if (second === '$') return whole.slice(1)
      const value = meaningOf(name.trim(), above)
      secret ||= value.secret
      if (value.secret) keepSecret(value.text)
      return value.text
    })
    return { text: filled, secret }
  }

  /** @param above the variables of the block whose values refer to this one */
  function meaningOf(name: string, above: readonly string[]): Value {
    if (name.startsWith('file:')) return { text: fileText(name.slice(5).trim()), secret: true }
    if (!NAME.test(name))
      throw new Unset(
        `a variable is written as \${NAME} or \${file:path}, and a dollar before a brace as $\${, not \${${name}}`,
      )
    const own = surroundings.env[name]
    if (own !== undefined) return { text: own, secret: SECRET.test(name) }
    const there = block.get(name)
    if (there === undefined || above.includes(name)) {
      const near = didYouMean(name, block.keys())
      throw new Unset(`there is no variable ${name}: set it in the environment or under "variables"${near}`)
    }
    const { text, secret } = fill(there.text, [...above, name])
    return { text, secret: secret || SECRET.test(name) }
  }

  function fileText(path: string): string {
    try {
      const bytes = readSmallFile(resolve(surroundings.folder, path))
      if (bytes.length > MAX_BYTES) throw new Error(`it has ${bytes.length} bytes, which is no secret`)
      return bytes.toString('utf8').replace(/\r?\n$/, '')
    } catch (thrown) {
      throw new Unset(`the file ${path} cannot be read: ${sentence(thrown)}`)
    }
  }
}

/** The block `variables` as written: the schema reports entries that are neither text nor number. */
function blockOf(document: Document): Map<string, { text: string; offset: number | undefined }> {
  const block = new Map<string, { text: string; offset: number | undefined }>()
  const { isMap, isScalar } = yaml()
  const node = document.get('variables')
  if (!isMap(node)) return block
  for (const { key, value } of node.items) {
    if (!isScalar(value) || !['string', 'number', 'boolean'].includes(typeof value.value)) continue
    // As written: 007 stays a text when it is inserted into another.
    const text = typeof value.value === 'string' ? value.value : (value.source ?? String(value.value))
    block.set(String(key), { text, offset: value.range?.[0] })
  }
  return block
}

/** The keys and list indexes that lead to a value. */
function pathOf(key: unknown, above: readonly unknown[]): string[] {
  const path = above.flatMap((node) => {
    const { key: named } = node as Partial<Pair>
    return named === undefined ? [] : [String(yaml().isScalar(named) ? named.value : named)]
  })
  return typeof key === 'number' ? [...path, String(key)] : path
}
