import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Identity } from '../aws/identity.ts'
import { DAY_MS, dayText } from '../lib/day.ts'
import { parseSize } from '../lib/size.ts'
import { parseTimestamp, TIMESTAMPS } from '../lib/timestamp.ts'
import { type FormatName, formatNames } from '../query/format-names.ts'

/**
 * Makes the program with all commands, of which those that are wanted are fully defined. Commands that show
 * others are given it: if they imported it, every command would import every other one.
 */
export type ProgramWith = (wanted: (name: string) => boolean, args?: readonly string[]) => Promise<Command>

export function commonOptions(command: Command): Command {
  return command
    .option(
      '--lake <place>',
      'a folder or s3://bucket/prefix (default: $LOGLAKE_LAKE, as configured, or ./lake)',
    )
    .option('--config <file>', 'configuration (default: $LOGLAKE_CONFIG, or ./loglake.yaml if there is one)')
    .option('--debug', 'show where in the program an error arose')
}

/** Our identity towards AWS, for commands that read from there. */
export interface IdentityOptions {
  profile?: string
  region?: string
  roleArn?: string
  externalId?: string
  endpoint?: string
  stsEndpoint?: string
}

export function identityOptions(command: Command): Command {
  return command
    .option('--profile <name>', 'a profile of the AWS configuration, for s3://')
    .option('--region <region>', 'a Region; that of a bucket is found by itself')
    .option('--role-arn <arn>', 'a role to assume')
    .option('--external-id <id>', "the external id that the role's trust policy asks for")
    .option('--endpoint <url>', "an emulator or an S3-compatible store, in place of AWS's own")
    .option(
      '--sts-endpoint <url>',
      'the STS that assumes the role (default: AWS_ENDPOINT_URL_STS, or --endpoint)',
    )
}

export function identityOf({ roleArn, externalId, stsEndpoint, ...rest }: IdentityOptions): Identity {
  const { profile, region, endpoint } = rest
  return { profile, region, role_arn: roleArn, external_id: externalId, endpoint, sts_endpoint: stsEndpoint }
}

export type { FormatName }

/** `--format`; some commands have its default in the configuration. */
export function formatOption(): Option {
  return new Option('--format <format>', 'how to write it').choices(formatNames)
}

/** Options of commands that answer a question. */
export interface AnswerOptions {
  format?: FormatName | 'parquet'
  output?: string
  csvSafe?: true
}

export function answerOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'how to write it; parquet goes to a file').choices([
        ...formatNames,
        'parquet',
      ]),
    )
    .option('--output <file>', 'write to a file, by default in the format that its name ends in')
    .option('--csv-safe', "CSV for a spreadsheet: what it would take for a formula gets a ' before it")
}

/** Collects the values of a repeated option. */
export function collect(value: string, before: string[] = []): string[] {
  return [...before, value]
}

/** Parses a time into microseconds since 1970. */
export function micros(text: string): bigint {
  const found = parseTimestamp(text, Date.now())
  if (found === undefined) throw new InvalidArgumentError(`A time is wanted, as in ${TIMESTAMPS}.`)
  return found
}

/** The same as an ISO time in UTC, with milliseconds. */
export function timestamp(text: string): string {
  return new Date(Number(micros(text) / 1000n)).toISOString()
}

/** Parses an existing day, as in 2026-01-07. */
export function day(text: string): string {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time) || dayText(time / DAY_MS) !== text)
    throw new InvalidArgumentError('A day is wanted, as in 2026-01-07.')
  return text
}

/** Requires a text that is not blank. */
export function words(text: string): string {
  if (text.trim() === '' || text.includes('\0')) throw new InvalidArgumentError('A text is wanted.')
  return text
}

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : -1
    if (number < least) throw new InvalidArgumentError(`A whole number of at least ${least} is wanted.`)
    return number
  }
}

export function number(text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('A number of at least 0 is wanted.')
  return Number(text)
}

export function size(text: string): number {
  const bytes = parseSize(text)
  if (bytes === undefined) throw new InvalidArgumentError('A size is wanted, as in 512MiB.')
  return bytes
}

/** Examples below a command's help, each with a description. */
export function examples(command: Command, ...shown: readonly [call: string, does?: string][]): Command {
  const lines = shown.map(([call, does]) => (does ? `  # ${does}\n  $ ${call}` : `  $ ${call}`))
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}
