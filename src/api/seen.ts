/** What was shown. */
export interface Seen {
  rows?: number
  /** Whether text was shown without masks. */
  unmasked?: boolean
  /** The session, conversation, finding or review that it was about. */
  about?: string
}

/** Text that is JSON already. */
export interface RawJson {
  rawJson: string
}

export function raw(text: string): RawJson {
  return { rawJson: text }
}
