import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { secrets } from '../../src/scan/secrets/index.ts'
import { secretsIn } from '../../src/scan/secrets/scan.ts'
import { type Line, lines } from './gitleaks/lines.ts'

/** gitleaks itself (github.com/gitleaks/gitleaks, Go) judges our port of its rules. */
const PROGRAM = resolve('test/interop/gitleaks/gitleaks-test')

/** Rules of gitleaks that we do not have, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  'pkcs12-file': 'it looks at the names of files, and at no text',
}

/** Rules by which we find something else, and why. */
const PATH = 'gitleaks has it for files of some names only; a text of a log has none'
const DIFFERS: Readonly<Record<string, string>> = {
  'curl-auth-user': 'gitleaks counts the quotes around a value to it',
  'freemius-secret-key': PATH,
  'hashicorp-tf-password': PATH,
  'kubernetes-secret-yaml': PATH,
  'nuget-config-password': PATH,
}

interface Judged {
  rules: string[]
  found: { rule: string; secret: string }[][]
}

function judged(texts: readonly string[]): Judged {
  const { stdout, stderr, status } = spawnSync(PROGRAM, {
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as Judged
}

const ours = ({ text }: Line) =>
  secretsIn(text, 'user').map(({ rule, from, to }) => `${rule} ${text.slice(from, to)}`)

/** Whether one of our rules knows what is only a value of any kind to gitleaks, which has no such rule here. */
function isNamedBetter(found: string, own: ReadonlySet<string>): boolean {
  const [rule, secret = ''] = found.split(/ (.*)/s)
  return rule === 'generic-api-key' && [...own].some((one) => one.includes(secret))
}

describe.skipIf(!existsSync(PROGRAM))('secrets: gitleaks says the same', () => {
  const said = existsSync(PROGRAM) ? judged(lines.map(({ text }) => text)) : { rules: [], found: [] }

  it('has our rules', () => {
    expect([...secrets.rules.map(({ id }) => id), ...Object.keys(LEFT_OUT)].sort()).toEqual(said.rules)
  })

  it('finds the same by the same rules, but where it is said why not', () => {
    const differing = new Map<string, string[]>()
    const wrong = lines.flatMap((line, at) => {
      const theirs = new Set(said.found[at]?.map(({ rule, secret }) => `${rule} ${secret}`))
      const own = new Set(ours(line))
      const different = [
        ...[...own].filter((one) => !theirs.has(one)).map((one) => `more: ${one}`),
        ...[...theirs]
          .filter((one) => !own.has(one) && !isNamedBetter(one, own))
          .map((one) => `less: ${one}`),
      ]
      const rules = new Set(different.map((one) => one.split(' ')[1] as string))
      for (const rule of rules) differing.set(rule, [...(differing.get(rule) ?? []), line.text])
      return [...rules].every((rule) => rule in DIFFERS) ? [] : [{ ...line, different }]
    })
    const found = said.found.filter(({ length }) => length > 0).length
    console.log(`${lines.length} lines: gitleaks finds secrets in ${found}; rules that differ:`)
    for (const [rule, texts] of differing) console.log(`  ${rule} in ${texts.length}: ${DIFFERS[rule]}`)
    expect(wrong).toEqual([])
    expect([...differing.keys()].sort()).toEqual(Object.keys(DIFFERS).sort())
    expect(found).toBeGreaterThan(600)
    // Every rule but those that differ is there at least once.
    const seen = new Set(said.found.flat().map(({ rule }) => rule))
    expect(said.rules.filter((rule) => !seen.has(rule) && !(rule in DIFFERS))).toEqual(Object.keys(LEFT_OUT))
  })
})
