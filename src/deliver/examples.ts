import { readdirSync, readFileSync } from 'node:fs'
import { UserError } from '../lib/errors.ts'
import { didYouMean } from '../lib/nearest.ts'
import { destinations } from './destinations/index.ts'

const FOLDER = new URL('./examples/', import.meta.url)

/** Names of the examples: a whole configuration each, or a destination with one route. */
export function exampleNames(): string[] {
  const packs = readdirSync(FOLDER).map((name) => name.replace(/\.yaml$/, ''))
  return [...packs.sort(), ...destinations.map(({ name }) => name)]
}

/** An example as YAML for `loglake.yaml`. */
export function exampleOf(name: string): string {
  if (!exampleNames().includes(name))
    throw new UserError(
      `there is no example "${name}"${didYouMean(name, exampleNames())}: there are ${exampleNames().join(', ')}`,
    )
  const destination = destinations.find((one) => one.name === name)
  if (!destination) return readFileSync(new URL(`${name}.yaml`, FOLDER), 'utf8')
  const settings = destination.example.split('\n').filter((line) => line !== '')
  return `destinations:
  ${name}:
    type: ${name}
${settings.map((line) => `    ${line}\n`).join('')}routes:
  sagemaker-calls:
    table: cloudtrail
    where: eventsource = 'sagemaker.amazonaws.com'
    shape: ${destination.shape ?? 'rows'}
    to: ${name}
deliver:
  mask_key: "\${MASK_TOKEN}"
`
}
