/**
 * The output of a batch job, in files that end in `.out`: a line per record, in any order, and a manifest.
 */
export interface BatchResults {
  /** By record id; for a record that occurs twice, its first answer. */
  records: ReadonlyMap<string, BatchAnswer>
  /** The manifest's counts; undefined when there is no readable manifest. */
  manifest: { records: number; success: number; error: number; input: number; output: number } | undefined
  /** Faults in the files, described without their text. */
  notes: readonly string[]
}

export type BatchAnswer =
  | { kind: 'answer'; text: string; input: number; output: number; cut: boolean }
  /** `error` replaces `modelOutput`. */
  | { kind: 'error'; code: string; message: string }

export function resultsIn(files: readonly { key: string; text: string }[]): BatchResults {
  const records = new Map<string, BatchAnswer>()
  const counts = { twice: 0, broken: 0, nameless: 0 }
  let manifest: BatchResults['manifest']
  let badManifest = false
  for (const { key, text } of files) {
    if (/(?:^|\/)manifest\.json\.out$/.test(key)) {
      manifest = manifestIn(text)
      badManifest = manifest === undefined
      continue
    }
    for (const line of text.split('\n')) if (line.trim() !== '') readLine(line, records, counts)
  }
  const answered = [...records.values()].filter(({ kind }) => kind === 'answer').length
  const notes = [
    counts.broken > 0 ? `${counts.broken} lines of the output could not be read` : '',
    counts.twice > 0 ? `${counts.twice} records came more than once` : '',
    counts.nameless > 0 ? `${counts.nameless} records without an id` : '',
    badManifest ? 'the manifest could not be read' : '',
    manifest !== undefined && manifest.success !== answered
      ? `the manifest counts ${manifest.success} answers, and there are ${answered}`
      : '',
  ].filter((one) => one !== '')
  return { records, manifest, notes }
}

function readLine(
  line: string,
  records: Map<string, BatchAnswer>,
  counts: { twice: number; broken: number; nameless: number },
): void {
  let found: Json
  try {
    found = JSON.parse(line)
  } catch {
    counts.broken++
    return
  }
  const id = found?.recordId
  if (typeof id !== 'string' || id === '') {
    counts.nameless++
    return
  }
  const answer = answerOf(found)
  if (answer === undefined) {
    counts.broken++
    return
  }
  const before = records.get(id)
  if (before) counts.twice++
  // An answer replaces an error.
  if (!before || (before.kind === 'error' && answer.kind === 'answer')) records.set(id, answer)
}

// biome-ignore lint/suspicious/noExplicitAny: what a model writes has any shape
type Json = any

function answerOf({ modelOutput, error }: Json): BatchAnswer | undefined {
  if (typeof error === 'object' && error !== null)
    return {
      kind: 'error',
      code: String(error.errorCode ?? error.code ?? 'error').slice(0, 100),
      message: String(error.errorMessage ?? error.message ?? '').slice(0, 500),
    }
  if (typeof modelOutput !== 'object' || modelOutput === null) return undefined
  const text = textOf(modelOutput)
  if (text === undefined) return undefined
  const usage = modelOutput.usage ?? {}
  const stop = modelOutput.stopReason ?? modelOutput.stop_reason ?? modelOutput.choices?.[0]?.finish_reason
  return {
    kind: 'answer',
    text,
    input: numberOf(
      usage.input_tokens,
      usage.inputTokens,
      usage.prompt_tokens,
      modelOutput.prompt_token_count,
    ),
    output: numberOf(
      usage.output_tokens,
      usage.outputTokens,
      usage.completion_tokens,
      modelOutput.generation_token_count,
    ),
    cut: stop === 'max_tokens' || stop === 'length',
  }
}

/**
 * The text of an answer of Claude, of Converse and Nova, of OpenAI's form, and of older models; blocks other
 * than text are dropped.
 */
function textOf(output: Json): string | undefined {
  const blocks = output.output?.message?.content ?? output.content ?? output.choices?.[0]?.message?.content
  if (typeof blocks === 'string') return blocks
  if (Array.isArray(blocks)) {
    const texts = blocks.flatMap((block) => (typeof block?.text === 'string' ? [block.text] : []))
    return texts.length === 0 ? undefined : texts.join('')
  }
  const old = output.generation ?? output.results?.[0]?.outputText ?? output.outputs?.[0]?.text
  return typeof old === 'string' ? old : undefined
}

function numberOf(...all: unknown[]): number {
  return all.find((one): one is number => typeof one === 'number' && Number.isFinite(one)) ?? 0
}

function manifestIn(text: string): BatchResults['manifest'] {
  try {
    const found = JSON.parse(text)
    return {
      records: numberOf(found.totalRecordCount),
      success: numberOf(found.successRecordCount),
      error: numberOf(found.errorRecordCount),
      input: numberOf(found.inputTokenCount),
      output: numberOf(found.outputTokenCount),
    }
  } catch {
    return undefined
  }
}
