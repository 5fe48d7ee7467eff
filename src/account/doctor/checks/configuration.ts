import { type Check, none, not, ok } from '../contract.ts'

export const configuration: Check = {
  name: 'configuration',
  group: 'This machine',
  title: 'The configuration can be read and names a source',
  doc: 'A configuration with a fault is told by file and line; without a source, `loglake run` has nothing to do.',
  permissions: [],
  mends: 'Correct the line that is named.',
  async run({ setup: { configuration, sources } }) {
    const { file, fault } = configuration
    if (fault !== undefined)
      return [
        not(`the configuration cannot be read: ${fault.split('\n').join('; ')}`, {
          does: 'Correct the line, then check the configuration in effect.',
          commands: ['loglake config'],
        }),
      ]
    if (file === undefined) return [none('there is no loglake.yaml: every setting has its default')]
    if (sources.length > 0)
      return [ok(`${sources.length} source${sources.length === 1 ? '' : 's'} in ${file}`)]
    return [
      not(`${file} names no source`, {
        does: 'Name one under `sources`: docs/sources.md has an example of each kind.',
        commands: ['loglake schema'],
      }),
    ]
  },
}
