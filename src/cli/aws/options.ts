import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Place } from '../../account/contract.ts'
import type { Numbers } from '../../account/cost/cost.ts'
import { placeOf } from '../../account/look.ts'
import { type Choices, DEFAULTS } from '../../account/wanted.ts'
import { type AwsClients, awsClients } from '../../aws/clients.ts'
import { collect, type IdentityOptions, identityOf, identityOptions, wholeNumber } from '../options.ts'

export interface AccountOptions extends IdentityOptions {
  stack: string
  json?: true
  debug?: true
}

/** The stack, and our identity. */
export function accountOptions(command: Command): Command {
  return identityOptions(
    command.option(
      '--stack <name>',
      'the stack, and what everything is called after',
      stackName,
      DEFAULTS.stack,
    ),
  )
    .option('--json', 'print it as JSON')
    .option('--debug', 'show where in the program an error arose')
}

function stackName(text: string): string {
  if (!/^[a-z][a-z0-9-]{1,19}$/.test(text))
    throw new InvalidArgumentError('Small letters, digits and - are wanted, from 2 to 20.')
  return text
}

export interface ChoiceOptions extends AccountOptions {
  logBucket: string[]
  logKey: string[]
  newLogBucket: boolean
  lakeBucket?: string
  objectLockDays: number
  logDays: number
  trail: boolean | string
  organization?: string
  dataEvents: boolean
  sessions: boolean
  bedrockLogging: boolean
  events: boolean
  metrics?: true
  glue: boolean
  guardduty: boolean | string
  capture: string[]
  sampling: number
  email?: string
  trust?: string
  trustExternalId?: string
  worker: 'none' | 'fargate'
  image?: string
  vpc?: string
  subnet: string[]
  set: Record<string, string>
  assume: Numbers
  price: Numbers
}

/** What `plan` and `apply` create. */
export function choiceOptions(command: Command): Command {
  return command
    .option(
      '--log-bucket <bucket[/prefix]>',
      'a bucket with logs that is there already; again for more',
      collect,
      [],
    )
    .option('--log-key <arn>', 'the KMS key of such a bucket; again for more', collect, [])
    .option('--no-new-log-bucket', 'make no bucket for logs')
    .option(
      '--log-days <days>',
      'days after which the new bucket deletes logs; 0 keeps them',
      wholeNumber(0),
      0,
    )
    .option('--lake-bucket <bucket>', 'a bucket for the lake that is there already, or none')
    .option(
      '--object-lock-days <days>',
      'days for which no file of the lake can be deleted',
      wholeNumber(0),
      0,
    )
    .option('--trail <name>', 'a trail that is there already: data events are added to it')
    .option('--no-trail', 'make no trail, and change none')
    .option('--organization <id>', 'the trail is that of all accounts of this organisation')
    .option('--no-data-events', 'no data events in the trail')
    .option('--no-sessions', 'leave Session Manager alone')
    .option('--no-bedrock-logging', 'leave the logging of Bedrock alone')
    .option('--no-events', 'no events of EventBridge')
    .option('--metrics', 'a metric stream of SageMaker and Bedrock, too')
    .option('--guardduty <detector>', "GuardDuty's detector; by default the one that is there")
    .option('--no-guardduty', 'no export of findings')
    .option('--capture <endpoint>', 'Data Capture of this endpoint (* for all); again for more', collect, [])
    .option('--sampling <percent>', 'percent of the requests that are captured', percent, 100)
    .option('--no-glue', 'no Glue database')
    .option('--email <address>', 'where alarms go to')
    .option('--trust <arn>', "who may assume the worker's role; by default whom this account lets")
    .option('--trust-external-id <id>', 'what they have to say')
    .addOption(
      new Option('--worker <where>', 'where `loglake run` runs').choices(['none', 'fargate']).default('none'),
    )
    .option('--image <image>', 'the container image, for --worker fargate')
    .option('--vpc <id>', 'its VPC')
    .option('--subnet <id>', 'a subnet of it; again for more', collect, [])
    .option('--set <parameter=value>', 'any parameter of the template; again for more', keyed, {})
    .option(
      '--assume <id=number>',
      'how much there is in a month, for the cost; again for more',
      numbered,
      {},
    )
    .option(
      '--price <id=usd>',
      'a price that is another by now, or in your Region; again for more',
      numbered,
      {},
    )
}

/** The options whose choices have another name. */
const OPTIONS: Partial<Record<keyof Choices, keyof ChoiceOptions>> = {
  logBuckets: 'logBucket',
  logKeys: 'logKey',
  bedrock: 'bedrockLogging',
  subnets: 'subnet',
}

export function choicesOf(options: ChoiceOptions, command: Command): Choices {
  const choices = Object.keys(DEFAULTS) as (keyof Choices)[]
  const isMade = (choice: keyof Choices) =>
    !['default', undefined].includes(command.getOptionValueSource(OPTIONS[choice] ?? choice))
  return {
    ...DEFAULTS,
    stack: options.stack,
    logBuckets: options.logBucket,
    logKeys: options.logKey,
    newLogBucket: options.newLogBucket,
    lakeBucket: options.lakeBucket,
    objectLockDays: options.objectLockDays,
    logDays: options.logDays,
    trail: options.trail ?? true,
    organization: options.organization,
    dataEvents: options.dataEvents,
    sessions: options.sessions,
    bedrock: options.bedrockLogging,
    events: options.events,
    metrics: options.metrics === true,
    glue: options.glue,
    guardduty: options.guardduty ?? true,
    capture: options.capture,
    sampling: options.sampling,
    email: options.email,
    trust: options.trust,
    trustExternalId: options.trustExternalId,
    worker: options.worker,
    image: options.image,
    vpc: options.vpc,
    subnets: options.subnet,
    set: options.set,
    made: new Set(choices.filter(isMade)),
  }
}

/** Opens clients for a command, and closes them afterwards. */
export async function inAccount<Result>(
  options: AccountOptions,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const clients: AwsClients = awsClients(identityOf(options), { attempts: 4 })
  try {
    return await work(await placeOf(clients))
  } finally {
    clients.close()
  }
}

function keyed(text: string, before: Record<string, string> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('A name and a value are wanted, as in Cpu=2048.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

function numbered(text: string, before: Numbers = {}): Numbers {
  const [, id = '', number = ''] = /^([a-z0-9-]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
  if (id === '') throw new InvalidArgumentError('A name and a number are wanted, as in log-gb=50.')
  return { ...before, [id]: Number(number) }
}

function percent(text: string): number {
  const number = wholeNumber(1)(text)
  if (number > 100) throw new InvalidArgumentError('From 1 to 100 percent are wanted.')
  return number
}
