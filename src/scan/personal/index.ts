import type { Scanner } from '../contract.ts'
import { NUMBERS, OTHERS, WORDS } from './recognisers.ts'
import { personalIn, SCANNER, VERSION } from './scan.ts'

/**
 * Personal data: e-mail addresses, cards, accounts, telephone numbers and the ids that states issue to
 * people.
 */
export const personal: Scanner = {
  name: SCANNER,
  kind: 'personal',
  version: VERSION,
  doc: 'E-mail addresses, cards, bank accounts, telephone numbers and ids of persons, by their form, check digits and words near them.',
  roles: ['system', 'user', 'document', 'answer', 'terminal', 'parameters'],
  rules: [...new Map([...NUMBERS, ...WORDS, ...OTHERS].map((one) => [one.id, one])).values()].map(
    ({ id, doc, off }) => (off ? { id, doc, off } : { id, doc }),
  ),
  scan: (text, _role, options) => personalIn(text, options),
}
