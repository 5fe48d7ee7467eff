/** The severity of a line of the digest, or of a model's finding. */
export type Severity = 'high' | 'medium' | 'low' | 'informational'

/** Calls that blind monitoring, or destroy what cannot be restored. */
const GRAVE =
  /^(StopLogging|DeleteTrail|UpdateTrail|PutEventSelectors|DeleteDetector|DisableSecurityHub|DeleteFlowLogs|DeleteModelInvocationLoggingConfiguration|DeleteBucket|DeleteBucketPolicy|ScheduleKeyDeletion|DisableKey|DeleteDBInstance|DeleteDBCluster|DeleteGuardrail|StopConfigurationRecorder|DeleteConfigurationRecorder|DeleteLogGroup|DeleteAccountPasswordPolicy|DeactivateMFADevice|LeaveOrganization)$/

/** Calls that extend somebody's rights. */
const GRANTS =
  /^(CreateAccessKey|CreateLoginProfile|UpdateLoginProfile|CreateUser|AttachUserPolicy|AttachRolePolicy|AttachGroupPolicy|PutUserPolicy|PutRolePolicy|PutGroupPolicy|AddUserToGroup|UpdateAssumeRolePolicy|CreatePolicyVersion|SetDefaultPolicyVersion|PutBucketPolicy|PutBucketAcl|DeletePublicAccessBlock|PutKeyPolicy|CreateGrant|AuthorizeSecurityGroupIngress|ModifySnapshotAttribute|ModifyImageAttribute|ModifyDBSnapshotAttribute|AddPermission\w*|CreateFunction\w*Url\w*|CreateSAMLProvider|UpdateSAMLProvider|CreateOpenIDConnectProvider|GetPasswordData|GetSecretValue|AssumeRoot)$/

interface FindingFacts {
  kind: string
  about: string
  principal: string
  call: string
  errorcode: string | null
  readonly: boolean
  events: number
  usual: number
}

/** Follows fixed rules, which the documentation lists. */
export function severityOf({
  kind,
  about,
  principal,
  call,
  errorcode,
  readonly,
  events,
  usual,
}: FindingFacts): Severity {
  const isRoot = /^root of /.test(principal)
  if (kind === 'destructive') {
    if (GRAVE.test(call)) return 'high'
    return events > 3 * usual ? 'medium' : 'low'
  }
  if (kind === 'denied' && GRAVE.test(call)) return 'high'
  if (kind === 'denied' && GRANTS.test(call)) return 'medium'
  if (kind === 'denied') return events >= 20 && events > 3 * usual ? 'medium' : 'low'
  if (kind === 'loud') return events >= 10 * Math.max(1, usual) ? 'medium' : 'low'
  if (kind === 'new') {
    if (isRoot) return 'high'
    if (GRANTS.test(call) && errorcode === null) return 'high'
    if (about === 'principal' || about === 'region') return 'medium'
    return readonly ? 'informational' : 'low'
  }
  if (GRANTS.test(call) && errorcode === null) return 'medium'
  return readonly ? 'informational' : 'low'
}
