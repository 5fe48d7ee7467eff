import type { Answers, Asked } from './aws-stand-in.ts'

/** What an account has of the settings that steps change. */
export interface FakeAccount {
  /** Parameters of Systems Manager, by name. */
  parameters: Record<string, string>
  /** The document with Session Manager's preferences: its versions, and the one that counts, from 1. */
  document: { versions: object[]; current: number } | undefined
  logging: Record<string, unknown> | undefined
  trails: Record<string, Trail | undefined>
  sagemaker: Endpoints
  notifications: Notifications | undefined
}

interface Trail {
  AdvancedEventSelectors?: { Name?: string; FieldSelectors?: object[] }[]
  EventSelectors?: object[]
}

export interface Endpoints {
  configs: Record<
    string,
    | {
        ProductionVariants?: { ModelName: string; VariantName: string; ServerlessConfig?: object }[]
        DataCaptureConfig?: object
        AsyncInferenceConfig?: object
      }
    | undefined
  >
  endpoints: Record<string, { config: string; status: string } | undefined>
  /** How often an update is looked at before it has ended. */
  looks?: number
  /** Why the next update fails: SageMaker then stays with the configuration that the endpoint has. */
  fails?: string
}

interface Notification {
  Id: string
  arn: string
  event: string
  prefix: string
}

interface Notifications {
  queues: Notification[]
  topics: Notification[]
  bridge: boolean
}

export const THEIR_LOGS = 'their-logs'

export function emptyAccount(): FakeAccount {
  return {
    parameters: {},
    document: undefined,
    logging: undefined,
    trails: {},
    sagemaker: { configs: {}, endpoints: {} },
    notifications: undefined,
  }
}

/** A bucket that announces some objects to others already: to a queue, to a topic, to EventBridge. */
export function addTheirs(account: FakeAccount): void {
  const arn = (service: string) => `arn:aws:${service}:eu-central-1:111122223333:theirs`
  account.notifications = {
    queues: [{ Id: 'theirs', arn: arn('sqs'), event: 's3:ObjectCreated:*', prefix: 'app/' }],
    topics: [{ Id: 'removed', arn: arn('sns'), event: 's3:ObjectRemoved:*', prefix: '' }],
    bridge: true,
  }
}

type Answer = ReturnType<Answers>

/** Answers as AWS does for these settings, by the references of its APIs. */
export function serveAccount(account: FakeAccount): Answers {
  return (asked) =>
    asked.service === 's3'
      ? bucket(account, asked)
      : (parameters(account, asked) ??
        preferences(account, asked) ??
        logging(account, asked) ??
        trail(account, asked) ??
        endpoints(account, asked))
}

function refused(name: string, message = name): Answer {
  return { status: 400, headers: { 'x-amzn-errortype': name }, body: { __type: name, message } }
}

function parameters({ parameters: kept }: FakeAccount, { operation, input }: Asked): Answer {
  const name = String(input.Name)
  switch (operation) {
    case 'PutParameter':
      if (name in kept) return refused('ParameterAlreadyExists')
      kept[name] = String(input.Value)
      return { body: { Version: 1, Tier: input.Tier } }
    case 'DeleteParameter':
      if (!(name in kept)) return refused('ParameterNotFound')
      delete kept[name]
      return { body: {} }
    case 'GetParametersByPath':
      return { body: { Parameters: Object.entries(kept).map(([Name, Value]) => ({ Name, Value })) } }
    default:
      return undefined
  }
}

function preferences(account: FakeAccount, { operation, input }: Asked): Answer {
  const { document } = account
  const content = () => JSON.parse(String(input.Content)) as object
  if (operation === 'CreateDocument') {
    account.document = { versions: [content()], current: 1 }
    return { body: { DocumentDescription: { DocumentVersion: '1' } } }
  }
  if (
    !['GetDocument', 'UpdateDocument', 'UpdateDocumentDefaultVersion', 'DeleteDocument'].includes(operation)
  )
    return undefined
  if (!document) return refused('InvalidDocument')
  const { versions } = document
  if (operation === 'DeleteDocument') account.document = undefined
  if (operation === 'UpdateDocumentDefaultVersion') document.current = Number(input.DocumentVersion)
  if (operation === 'UpdateDocument') {
    if (versions.some((one) => JSON.stringify(one) === JSON.stringify(content())))
      return refused('DuplicateDocumentContent')
    versions.push(content())
    return { body: { DocumentDescription: { DocumentVersion: String(versions.length) } } }
  }
  if (operation !== 'GetDocument') return { body: {} }
  const version =
    input.DocumentVersion === '$LATEST' ? versions.length : Number(input.DocumentVersion ?? document.current)
  const found = versions[version - 1]
  if (!found) return refused('InvalidDocumentVersion')
  return { body: { Content: JSON.stringify(found), DocumentVersion: String(version) } }
}

function logging(account: FakeAccount, { operation, input }: Asked): Answer {
  switch (operation) {
    case 'GetModelInvocationLoggingConfiguration':
      return { body: { loggingConfig: account.logging } }
    case 'PutModelInvocationLoggingConfiguration':
      account.logging = input.loggingConfig as Record<string, unknown>
      return { body: {} }
    case 'DeleteModelInvocationLoggingConfiguration':
      account.logging = undefined
      return { body: {} }
    default:
      return undefined
  }
}

function trail({ trails }: FakeAccount, { operation, input }: Asked): Answer {
  if (!['GetEventSelectors', 'PutEventSelectors'].includes(operation)) return undefined
  const { TrailName, ...selectors } = input as unknown as { TrailName: string } & Trail
  if (!trails[TrailName]) return refused('TrailNotFoundException', `Unknown trail: ${TrailName}`)
  if (operation === 'PutEventSelectors') trails[TrailName] = selectors
  return { body: trails[TrailName] }
}

function endpoints({ sagemaker }: FakeAccount, { operation, input }: Asked): Answer {
  const name = String(input.EndpointName)
  const config = String(input.EndpointConfigName)
  const found = sagemaker.endpoints[name]
  switch (operation) {
    case 'ListEndpoints':
      return {
        body: { Endpoints: Object.keys(sagemaker.endpoints).map((EndpointName) => ({ EndpointName })) },
      }
    case 'DescribeEndpoint': {
      if (!found) return refused('ValidationException', `Could not find endpoint "${name}".`)
      const isAtWork = (sagemaker.looks ?? 0) > 0
      if (isAtWork) sagemaker.looks = (sagemaker.looks ?? 0) - 1
      const FailureReason = sagemaker.fails
      return {
        body: {
          EndpointName: name,
          EndpointConfigName: found.config,
          EndpointStatus: isAtWork ? 'Updating' : found.status,
          ...(FailureReason === undefined ? {} : { FailureReason }),
        },
      }
    }
    case 'DescribeEndpointConfig': {
      const one = sagemaker.configs[config]
      if (!one) return refused('ValidationException', `Could not find endpoint configuration "${config}".`)
      return { body: { EndpointConfigName: config, EndpointConfigArn: 'arn:x', CreationTime: 1, ...one } }
    }
    case 'CreateEndpointConfig':
      if (config.length > 63) return refused('ValidationException', 'at most 63 characters')
      if (sagemaker.configs[config])
        return refused(
          'ValidationException',
          `Cannot create already existing endpoint configuration "${config}".`,
        )
      sagemaker.configs[config] = input
      return { body: { EndpointConfigArn: 'arn:x' } }
    case 'UpdateEndpoint':
      if (found && sagemaker.fails === undefined) found.config = config
      return { body: { EndpointArn: 'arn:x' } }
    case 'DeleteEndpointConfig':
      delete sagemaker.configs[config]
      return { body: {} }
    default:
      return undefined
  }
}

/** A bucket's notifications, in S3's XML. */
function bucket(account: FakeAccount, { operation, body = '' }: Asked): Answer {
  const { notifications } = account
  if (!notifications || !operation.includes(`/${THEIR_LOGS}`) || !operation.includes('notification'))
    return undefined
  if (operation.startsWith('PUT')) {
    account.notifications = {
      queues: readXml(body, 'Queue'),
      topics: readXml(body, 'Topic'),
      bridge: body.includes('<EventBridgeConfiguration'),
    }
    return { xml: '' }
  }
  const { queues, topics, bridge } = notifications
  const inner = [
    ...queues.map((one) => xmlOf(one, 'Queue')),
    ...topics.map((one) => xmlOf(one, 'Topic')),
    bridge ? '<EventBridgeConfiguration/>' : '',
  ]
  return { xml: `<NotificationConfiguration>${inner.join('')}</NotificationConfiguration>` }
}

function xmlOf({ Id, arn, event, prefix }: Notification, kind: string): string {
  const rule = `<FilterRule><Name>Prefix</Name><Value>${prefix}</Value></FilterRule>`
  const filter = prefix === '' ? '' : `<Filter><S3Key>${rule}</S3Key></Filter>`
  return `<${kind}Configuration><Id>${Id}</Id><${kind}>${arn}</${kind}><Event>${event}</Event>${filter}</${kind}Configuration>`
}

function readXml(xml: string, kind: string): Notification[] {
  const text = (of: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(of)?.[1] ?? ''
  const all = xml.matchAll(new RegExp(`<${kind}Configuration>(.*?)</${kind}Configuration>`, 'gs'))
  return [...all].map(([, one = '']) => ({
    Id: text(one, 'Id'),
    arn: text(one, kind),
    event: text(one, 'Event'),
    prefix: text(one, 'Value'),
  }))
}
