import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { destinations } from '../../src/deliver/destinations/index.ts'
import type { Ended } from './program.ts'

/** docs/deliver.md, whose examples are sent through: those of AWS's in test/emulator, the others beside this file. */
export const PAGE = readFileSync(new URL('../../docs/deliver.md', import.meta.url), 'utf8')

/** Every example of the page by the heading that it stands below, which for a destination is its name. */
export const EXAMPLES: ReadonlyMap<string, string> = new Map(
  PAGE.split(/^#+ /m).flatMap((section) => {
    const heading = section.slice(0, section.indexOf('\n')).replaceAll('`', '')
    const found = [...section.matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    if (found.length > 1) throw new Error(`below "${heading}" are several examples: give each a heading`)
    return found.map(([, yaml = '']): [string, string] => [heading, yaml])
  }),
)

/** Destinations that are sent to in test/emulator. */
export const OF_AWS = ['s3', 'security-lake', 'sns', 'sqs', 'eventbridge', 'cloudwatch-logs', 'firehose']

export function exampleOf(heading: string): string {
  const found = EXAMPLES.get(heading)
  if (found === undefined) throw new Error(`docs/deliver.md has no example of ${heading}`)
  return found
}

/** What the variable of an example holds here: it is seen again where it arrives. */
export const secretOf = (variable: string): string => `secret-of-${variable.toLowerCase().replace('_', '-')}`

/** All that an example takes from the environment, and the key of placeholders. */
export function secretsOf(yaml: string): Record<string, string> {
  const variables = ['MASK_TOKEN', ...[...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)]
  return Object.fromEntries(variables.map((name) => [name, secretOf(name)]))
}

/** The settings of a destination's example. */
export function settingsOf(name: string): Record<string, string> {
  return parse(exampleOf(name)).destinations.out
}

/** The address of an example, or of its destination where the example leaves it out. */
export function addressOf(name: string): URL | undefined {
  const { type, ...settings } = settingsOf(name)
  const found = destinations.find((one) => one.name === type)
  if (!found) throw new Error(`the example of ${name} is one of another destination, ${type}`)
  const { url } = found.settings.parse(settings) as { url?: string }
  return url === undefined ? undefined : new URL(url)
}

/** The example of a destination with a route to it, which the page shows once for all of them. */
export function withRoute(yaml: string, where: string): string {
  const shape = yaml.includes('type: security-lake') ? 'ocsf' : 'rows'
  return `${yaml}routes:
  rows: {table: cloudtrail, where: "${where}", shape: ${shape}, to: out, from: start}
deliver: {mask_key: "\${MASK_TOKEN}"}
`
}

/** What the program printed, when all went well. */
export function printed({ code, out, err }: Ended): string {
  if (code !== 0) throw new Error(`it ended with ${code}\n${err}`)
  return out
}
