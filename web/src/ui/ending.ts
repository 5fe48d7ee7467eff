const ENDINGS: Readonly<Record<string, string>> = {
  end_turn: 'answered',
  stop: 'answered',
  tool_use: 'asked for a tool',
  tool_calls: 'asked for a tool',
  max_tokens: 'cut off at the limit of tokens',
  length: 'cut off at the limit of tokens',
  stop_sequence: 'ended at a stop sequence',
  guardrail_intervened: 'stopped by a guardrail',
  content_filtered: 'stopped by a filter',
}

/** Why a model's answer ended, in words. */
export function ending(stopReason: string | null | undefined): string {
  if (!stopReason) return 'end not logged'
  return ENDINGS[stopReason.toLowerCase()] ?? stopReason.replaceAll('_', ' ')
}
