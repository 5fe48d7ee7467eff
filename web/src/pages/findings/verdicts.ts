type Verdict = 'true' | 'false' | 'benign' | 'duplicate'

export const VERDICT_WORD: Record<Verdict, string> = {
  true: 'true positive',
  false: 'false positive',
  benign: 'benign',
  duplicate: 'duplicate',
}
