import { createHash } from 'node:crypto'

/**
 * Completes the events of a rule's tests to what AWS delivers: a test has only the fields that the rule is
 * about, and all others have defaults. Each test has its own account, user and addresses, so that tests do
 * not meet in a correlation or a baseline.
 */
export interface MadeEvent {
  /** Its log; by default the one that the rule reads, and `cloudtrail` for a correlation. */
  log?: string
  /** Number of copies, `every` some seconds; by default one, and 10 seconds. */
  repeat?: number
  every?: number
  /** Seconds after the start of the test. */
  after?: number
  [field: string]: unknown
}

export interface MadeRecord {
  log: string
  id: string
  record: unknown
}

const BEGINS_MS = Date.parse('2026-02-03T10:00:00Z')

/** @param test a name that differs between tests */
export function recordsOf(events: readonly MadeEvent[], test: string): MadeRecord[] {
  return events.flatMap((event, at) => {
    const { log = 'cloudtrail', repeat = 1, every = 10, after = 0, ...fields } = event
    return Array.from({ length: repeat }, (_, n) => {
      const facts: MadeFacts = {
        test,
        id: uuid(`${test} ${at} ${n}`),
        ms: BEGINS_MS + (after + n * every) * 1000,
      }
      const record = log === 'bedrock_invocation' ? invocationOf(fields, facts) : trailOf(fields, facts)
      return { log, id: facts.id, record }
    })
  })
}

interface MadeFacts {
  test: string
  id: string
  ms: number
}

function trailOf(fields: Record<string, unknown>, { test, id, ms }: MadeFacts): unknown {
  const {
    identity = 'IAMUser',
    userName = 'alice',
    identityAccount,
    ec2RoleDelivery,
    errorCode,
    ...given
  } = fields
  const account = accountOf(test)
  return {
    eventVersion: '1.11',
    userIdentity: identityOf(
      { type: String(identity), userName: String(userName), ec2RoleDelivery },
      String(identityAccount ?? account),
      test,
    ),
    eventTime: new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z'),
    awsRegion: 'us-east-1',
    sourceIPAddress: '203.0.113.10',
    userAgent: 'aws-cli/2.17.0',
    requestID: id,
    eventID: id,
    readOnly: false,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: account,
    eventCategory: 'Management',
    ...(errorCode ? { errorCode } : {}),
    ...given,
  }
}

interface Who {
  type: string
  userName: string
  /** The session context of an instance's credentials. */
  ec2RoleDelivery: unknown
}

function identityOf({ type, userName, ec2RoleDelivery }: Who, accountId: string, test: string): unknown {
  const key = digest(test).slice(0, 16).toUpperCase()
  if (type === 'Root')
    return { type, principalId: accountId, arn: `arn:aws:iam::${accountId}:root`, accountId }
  if (type !== 'AssumedRole')
    return {
      type,
      principalId: `AIDA${key}`,
      arn: `arn:aws:iam::${accountId}:user/${userName}`,
      accountId,
      accessKeyId: `AKIA${key}`,
      userName,
    }
  return {
    type,
    principalId: `AROA${key}:${userName}`,
    arn: `arn:aws:sts::${accountId}:assumed-role/Deploy/${userName}`,
    accountId,
    accessKeyId: `ASIA${key}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: `AROA${key}`,
        arn: `arn:aws:iam::${accountId}:role/Deploy`,
        accountId,
        userName: 'Deploy',
      },
      ...(ec2RoleDelivery === undefined ? {} : { ec2RoleDelivery: String(ec2RoleDelivery) }),
    },
  }
}

interface Step {
  tool: string
  input: unknown
  result?: unknown
  status?: string
}

/**
 * A call by Converse: what the user said, tools that were used and their results, then the answer with tools
 * that it asks for.
 */
function invocationOf(fields: Record<string, unknown>, { test, id, ms }: MadeFacts): unknown {
  const account = accountOf(test)
  const { system, user = 'Hello', answer = '', stop, output, agent = 'Agent', guardrail } = fields
  const inputTokens = Number(fields.inputTokens ?? 10)
  const outputTokens = Number(fields.outputTokens ?? 10)
  const history = (fields.history ?? []) as Step[]
  const calls = (fields.calls ?? []) as Step[]
  const tools = fields.tools as string[] | undefined
  const messages = [
    { role: 'user', content: [{ text: user }] },
    ...history.flatMap(({ tool, input, result, status = 'success' }, at) => [
      { role: 'assistant', content: [{ toolUse: { toolUseId: `${id}-${at}`, name: tool, input } }] },
      {
        role: 'user',
        content: [{ toolResult: { toolUseId: `${id}-${at}`, content: [{ text: textOf(result) }], status } }],
      },
    ]),
  ]
  const content = [
    ...(answer === '' ? [] : [{ text: answer }]),
    ...calls.map(({ tool, input }, at) => ({
      toolUse: { toolUseId: `${id}-new-${at}`, name: tool, input },
    })),
  ]
  const specs = tools?.map((name) => ({ toolSpec: { name, inputSchema: { json: {} } } }))
  return {
    schemaType: 'ModelInvocationLog',
    schemaVersion: '1.0',
    timestamp: new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z'),
    accountId: account,
    identity: { arn: `arn:aws:sts::${account}:assumed-role/${String(agent)}/run` },
    region: 'us-east-1',
    requestId: id,
    operation: 'Converse',
    modelId: 'anthropic.claude-3-5-sonnet-20240620-v1:0',
    input: {
      inputContentType: 'application/json',
      inputBodyJson: {
        messages,
        ...(system === undefined ? {} : { system: [{ text: system }] }),
        ...(specs ? { toolConfig: { tools: specs } } : {}),
        ...(guardrail === undefined
          ? {}
          : { guardrailConfig: { guardrailIdentifier: guardrail, guardrailVersion: '1' } }),
      },
      inputTokenCount: inputTokens,
    },
    output: {
      outputContentType: 'application/json',
      outputBodyJson: output ?? {
        output: { message: { role: 'assistant', content } },
        stopReason: stop ?? (calls.length > 0 ? 'tool_use' : 'end_turn'),
        usage: { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens },
      },
      outputTokenCount: outputTokens,
    },
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '')
}

function accountOf(test: string): string {
  return String(BigInt(`0x${digest(test).slice(0, 12)}`) % 900_000_000_000n).padStart(12, '1')
}

function uuid(text: string): string {
  const hex = digest(text)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
