import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import { apply, configurationOf } from '../../account/apply.ts'
import { destroy } from '../../account/destroy.ts'
import { plan } from '../../account/plan.ts'
import { templateYaml } from '../../account/stack/index.ts'
import { status } from '../../account/status.ts'
import { UserError } from '../../lib/errors.ts'
import { visible } from '../../lib/terminal.ts'
import {
  type AccountOptions,
  accountOptions,
  type ChoiceOptions,
  choiceOptions,
  choicesOf,
  inAccount,
} from '../aws/options.ts'
import { planReport, statusReport } from '../aws/report.ts'
import { collect, examples } from '../options.ts'
import { EXIT, note, paint, print } from '../show/output.ts'

export function define(command: Command): void {
  command.helpCommand(false).enablePositionalOptions()
  const planned = command
    .command('plan')
    .description('say what would be made, allowed and paid, and make nothing')
  choiceOptions(accountOptions(planned)).action(showPlan)
  examples(
    planned,
    ['loglake aws plan', 'for an account with nothing switched on'],
    ['loglake aws plan --trail audit --log-bucket example-logs/AWSLogs/', 'with a trail and its bucket'],
    ['loglake aws plan --assume log-gb=200 --price s3-storage=0.0245'],
  )
  const applied = command.command('apply').description('make it, or change it to what is wanted now')
  choiceOptions(accountOptions(applied)).option('--yes', 'do not ask').action(makeIt)
  examples(
    applied,
    ['loglake aws apply --email audit@example.com'],
    [
      'loglake aws apply --worker fargate --image 111122223333.dkr.ecr.eu-central-1.amazonaws.com/loglake:0.1.0 --vpc vpc-0a1b2c3d --subnet subnet-0a1b2c3d',
    ],
    ['loglake aws apply --capture llm-chat --sampling 50 --yes'],
  )
  accountOptions(command.command('status').description('say how the stack stands, and what waits')).action(
    showStatus,
  )
  const destroyed = command
    .command('destroy')
    .description('take everything back; buckets stay, with what is in them, unless they are named')
  accountOptions(destroyed)
    .option('--delete <bucket>', 'empty and remove this bucket, too; again for more', collect, [])
    .option('--yes', 'do not ask')
    .action(takeBack)
  examples(
    destroyed,
    ['loglake aws destroy', 'the logs, the lake and the key stay'],
    ['loglake aws destroy --delete loglake-logs-111122223333-eu-central-1'],
  )
  const template = command
    .command('template')
    .description('print the template, for the console and for the AWS CLI')
  template.action(() => print(templateYaml()))
  examples(
    template,
    ['loglake aws template > loglake.yaml'],
    [
      'aws cloudformation deploy --stack-name loglake --template-file loglake.yaml --capabilities CAPABILITY_NAMED_IAM',
    ],
  )
  examples(
    command,
    ['loglake aws plan', 'what would be made, and what it would cost'],
    ['loglake aws apply'],
    ['loglake aws status'],
    ['loglake aws destroy'],
  )
}

async function showPlan(options: ChoiceOptions, command: Command): Promise<void> {
  await inAccount(options, async (place) => {
    const made = await plan(place, choicesOf(options, command), options)
    await print(options.json ? `${JSON.stringify(made, null, 2)}\n` : planReport(made))
    if (made.steps.some(({ state }) => state === 'refused')) process.exitCode = EXIT.failure
  })
}

async function makeIt(options: ChoiceOptions & { yes?: true }, command: Command): Promise<void> {
  await inAccount(options, async (place) => {
    const made = await plan(place, choicesOf(options, command), options)
    if (!options.yes) {
      await print(planReport(made))
      await agreed('Make it?')
    }
    const { stack, done, left } = await apply(place, made.wanted, (line) => note(`  ${visible(line)}`))
    if (left.length > 0) process.exitCode = EXIT.failure
    const configuration = configurationOf(stack, place)
    if (options.json)
      return await print(
        `${JSON.stringify({ outputs: stack.outputs, done, left, configuration }, null, 2)}\n`,
      )
    const { bold, red } = paint(process.stderr)
    for (const line of left) note(`${red('not done:')} ${visible(line)}`)
    note(`${bold(`The stack ${stack.name} is ${stack.status}.`)} As loglake.yaml, for \`loglake run\`:\n`)
    await print(configuration)
  })
}

async function showStatus(options: AccountOptions): Promise<void> {
  await inAccount(options, async (place) => {
    const found = await status(place, options.stack)
    await print(options.json ? `${JSON.stringify(found, null, 2)}\n` : statusReport(found))
    if (found.status === undefined || /FAILED|ROLLBACK/.test(found.status)) process.exitCode = EXIT.failure
  })
}

async function takeBack(options: AccountOptions & { delete: string[]; yes?: true }): Promise<void> {
  await inAccount(options, async (place) => {
    const lost = options.delete.map((bucket) => `s3://${bucket}`).join(' and ')
    if (!options.yes)
      await agreed(
        `Take back the stack ${options.stack} of ${place.account} in ${place.region}${lost === '' ? '' : `, and remove ${lost} with all that is in it`}?`,
      )
    const { done, stays } = await destroy(place, options.stack, options.delete, (line) =>
      note(`  ${visible(line)}`),
    )
    if (options.json) return await print(`${JSON.stringify({ done, stays }, null, 2)}\n`)
    await print(
      `${[...done, ...stays.map((line) => `stays: ${line}`)].map((line) => visible(line)).join('\n')}\n`,
    )
  })
}

/** Asks a person; a program has to pass --yes. */
async function agreed(question: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UserError(`${question} There is nobody to ask here: say --yes`)
  const asked = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await asked.question(`${question} (yes or no) `)
  asked.close()
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('nothing was changed')
}
