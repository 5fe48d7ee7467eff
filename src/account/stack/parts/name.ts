import type { Part } from '../contract.ts'

/** The prefix of all names. */
export const name: Part = {
  name: 'name',
  title: 'Name',
  parameters: {
    Name: {
      Type: 'String',
      Default: 'loglake',
      AllowedPattern: '[a-z][a-z0-9-]{1,19}',
      ConstraintDescription: 'small letters, digits and -, from 2 to 20',
      Description: 'What everything that this stack makes is called after.',
    },
  },
  resources: {},
}
