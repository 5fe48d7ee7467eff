/** Removes the prefix and suffix that AWS puts around the name of an IAM Identity Center role. */
export function shortRole(role: string | null | undefined): string {
  const name = role ?? ''
  return name.replace(/AWSReservedSSO_(.+?)_[0-9a-f]{16}/, '$1')
}

/**
 * A model's name without its provider and the date of its release, which a column has no space for. Two models can share
 * it: only for display, next to the whole name.
 */
export function shortModel(model: string): string {
  return model
    .replace(/^[a-z0-9]+\./, '')
    .replace(/-20\d{6}(?=-|:|$)/, '')
    .replace(/:0$/, '')
}

/** Whether the actor is a program, judged by its name: a service, or a role without a person's address. */
export function isMachine(actor: string | null, kind: string | null): boolean {
  return /service|agent/i.test(kind ?? '') || (/role/i.test(kind ?? '') && !/@/.test(actor ?? ''))
}
