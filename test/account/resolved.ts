import type { Value } from '../../src/account/stack/contract.ts'
import { conditionHolds, type Parameters } from '../../src/account/stack/evaluate.ts'
import { template } from '../../src/account/stack/index.ts'

/** A value as CloudFormation would make it of those parameters; undefined is what it leaves out. */
export function resolved(value: Value, all: Parameters): unknown {
  const inner = (one: Value) => resolved(one, all)
  const nameOf = (name: string) => (name in PSEUDO ? PSEUDO[name] : (all[name] ?? name))
  if (Array.isArray(value)) return value.map(inner).filter((one) => one !== undefined)
  if (typeof value !== 'object' || value === null) return value
  const [[name, of] = ['', null]] = Object.entries(value) as [string, Value][]
  // A reference to a topic is its ARN; of other resources it is a name.
  if (name === 'Ref' && template().Resources[of as string]?.Type === 'AWS::SNS::Topic')
    return arnOf(of as string)
  if (name === 'Ref') return nameOf(of as string)
  if (name === 'Fn::GetAtt') return arnOf((of as string[])[0] as string)
  if (name === 'Fn::Sub') {
    const [text, more] = (Array.isArray(of) ? of : [of, {}]) as [string, Record<string, Value>]
    return text.replace(/\$\{([^}!]+)\}/g, (_, key: string) =>
      String(key in more ? inner(more[key] as Value) : key.includes('.') ? arnOf(key) : nameOf(key)),
    )
  }
  if (name === 'Fn::If') {
    const [condition, then, otherwise] = of as [string, Value, Value]
    return inner(conditionHolds(condition, all) ? then : otherwise)
  }
  if (name === 'Fn::Split') {
    const [between, text] = of as [string, Value]
    return String(inner(text)).split(between)
  }
  if (name === 'Fn::Join') {
    const [between, list] = of as [string, Value]
    const made = inner(list)
    return (Array.isArray(made) ? made : String(made).split(',')).join(between)
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, inner(one as Value)] as const)
      .filter(([, one]) => one !== undefined),
  )
}

const PSEUDO: Readonly<Record<string, string | undefined>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  'AWS::StackName': 'loglake',
  'AWS::NoValue': undefined,
}

/** Of a resource of the template, in the form that its service has. */
function arnOf(resource: string): string {
  const [id = ''] = resource.split('.')
  const service = template().Resources[id]?.Type.split('::')[1]?.toLowerCase() ?? ''
  const at = 'eu-central-1:111122223333'
  return (
    {
      kms: `arn:aws:kms:${at}:key/0f3c2b1a-0000-4000-8000-00000000000a`,
      sqs: `arn:aws:sqs:${at}:loglake`,
      s3: 'arn:aws:s3:::loglake',
      logs: `arn:aws:logs:${at}:log-group:loglake:*`,
      kinesisfirehose: `arn:aws:firehose:${at}:deliverystream/loglake`,
      iam: 'arn:aws:iam::111122223333:role/loglake',
    }[service] ?? `arn:aws:${service}:${at}:loglake`
  )
}
