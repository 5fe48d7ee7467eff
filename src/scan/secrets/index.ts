import type { Scanner } from '../contract.ts'
import { rules } from './rules.ts'
import { SCANNER, secretsIn, VERSION } from './scan.ts'
import { SPECIAL } from './special.ts'

/** Secrets: passwords, tokens and keys, by the rules of gitleaks. */
export const secrets: Scanner = {
  name: SCANNER,
  kind: 'secret',
  version: VERSION,
  doc: 'Passwords, tokens and private keys, by the rules of gitleaks with its lists of false positives.',
  roles: ['system', 'user', 'document', 'answer', 'terminal', 'parameters'],
  rules: [...rules.map(({ id, doc }) => ({ id, doc })), ...SPECIAL],
  scan: secretsIn,
}
