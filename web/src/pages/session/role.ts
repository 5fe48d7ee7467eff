/** A role of IAM Identity Center without what AWS put around its name. */
export function short(role: string | null | undefined): string {
  const name = role ?? ''
  return name.replace(/AWSReservedSSO_(.+?)_[0-9a-f]{16}/, '$1')
}

/** Whether a program acts, as far as the name tells: a service, or a role that no person stands behind. */
export function isMachine(actor: string | null, kind: string | null): boolean {
  return /service|agent/i.test(kind ?? '') || (/role/i.test(kind ?? '') && !/@/.test(actor ?? ''))
}
