import { type Check, not, ok } from '../contract.ts'

/** The minimum in package.json. */
const LEAST: readonly [number, number] = [20, 19]

export const node: Check = {
  name: 'node',
  group: 'This machine',
  title: 'Node is new enough',
  doc: 'Node 20.19 or later runs loglake.',
  permissions: [],
  mends: 'Install a newer Node.',
  run: async () => [nodeLine(process.versions.node)],
}

export function nodeLine(version: string) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const isOld = major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1])
  return isOld
    ? not(`Node ${version} is older than ${LEAST.join('.')}`, {
        does: `Install Node ${LEAST.join('.')} or later.`,
        commands: ['nvm install 22'],
      })
    : ok(`Node ${version}`)
}
