import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, it } from 'vitest'
import { accountOptions, choiceOptions, choicesOf } from '../../src/cli/aws/options.ts'
import { define } from '../../src/cli/commands/aws.ts'

/** Options of the AWS CLI, in the commands that we print. */
const OF_AWS = ['bucket', 'endpoint-name', 'key-id', 'notification-endpoint', 'protocol', 'topic-arn']

function optionsOf(command: Command): string[] {
  return [...command.options.map(({ long }) => long ?? ''), ...command.commands.flatMap(optionsOf)]
}

it('every way out names options that there are', () => {
  const command = new Command()
  define(command)
  const known = new Set([...optionsOf(command), ...OF_AWS.map((name) => `--${name}`)])
  const files = readdirSync('src/account', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('doctor'),
  )
  const named = files.flatMap((file) =>
    [...readFileSync(join('src/account', file), 'utf8').matchAll(/--[a-z][a-z-]+/g)].map(([name]) => name),
  )
  expect(named).toContain('--no-sessions')
  expect(named.filter((name) => !known.has(name))).toEqual([])
})

it('a choice is made where its option is given, though it says what holds by default', () => {
  const madeBy = (...args: string[]) => {
    const command = choiceOptions(accountOptions(new Command()))
    command.parse(args, { from: 'user' })
    return [...choicesOf(command.opts(), command).made]
  }
  expect(madeBy('--stack', 'audit', '--json')).toEqual(['stack'])
  expect(madeBy('--no-sessions', '--log-days', '0', '--worker', 'none', '--no-bedrock-logging')).toEqual(
    expect.arrayContaining(['sessions', 'logDays', 'worker', 'bedrock']),
  )
  expect(madeBy('--log-bucket', 'one', '--log-key', 'k', '--subnet', 's').sort()).toEqual(
    ['logBuckets', 'logKeys', 'subnets'].sort(),
  )
})
