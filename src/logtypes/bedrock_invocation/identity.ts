import type { Row } from '../contract.ts'

/**
 * The parts of an identity's ARN: `assumed-role/AgentRole/session-1`, `user/path/dev`, `federated-user/ann`,
 * `root`.
 */
export function identityOf(arn: Row[string]): Row {
  const resource = typeof arn === 'string' ? ARN.exec(arn)?.[1] : undefined
  if (resource === undefined) return {}
  const [kind, ...names] = resource.split('/') as [string, ...string[]]
  if (kind === 'assumed-role') {
    const [role, ...session] = names
    return { identity_kind: kind, identity_name: role, identity_session: session.join('/') || undefined }
  }
  return { identity_kind: kind, identity_name: names.at(-1) ?? kind }
}

const ARN = /^arn:[\w-]+:(?:iam|sts)::\d*:(.+)$/s
