import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Span } from '../../src/scan/contract.ts'
import { personalIn } from '../../src/scan/personal/scan.ts'
import { secretsIn } from '../../src/scan/secrets/scan.ts'

/**
 * The scanners against labelled texts of others, which are not part of the project: test cases of Presidio and gitleaks (MIT) and
 * real CloudTrail events. LOGLAKE_CORPORA names the folder; the tests beside the scanners have cases of their own.
 */
const DATA = resolve(process.env.LOGLAKE_CORPORA ?? '../shared/data')
const has = (path: string) => {
  const isThere = existsSync(join(DATA, path))
  if (!isThere) console.warn(`scanners are not tried on ${path}: it is not in ${DATA}`)
  return isThere
}
const read = (path: string) => readFileSync(join(DATA, path), 'utf8')
const linesOf = <Line>(path: string) =>
  read(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)

/** Presidio's names of test files, and ours of what they try. */
const RULES: Record<string, string> = {
  ...{ aba_routing: 'ABA_ROUTING_NUMBER', au_tfn: 'AU_TFN', credit_card: 'CREDIT_CARD', crypto: 'CRYPTO' },
  ...{
    de_tax_id: 'DE_TAX_ID',
    email: 'EMAIL_ADDRESS',
    es_nie: 'ES_NIE',
    es_nif: 'ES_NIF',
    iban: 'IBAN_CODE',
  },
  ...{ fi_personal_identity_code: 'FI_PERSONAL_IDENTITY_CODE', in_aadhaar: 'IN_AADHAAR', in_pan: 'IN_PAN' },
  ...{ ip: 'IP_ADDRESS', it_fiscal_code: 'IT_FISCAL_CODE', mac: 'MAC_ADDRESS', phone: 'PHONE_NUMBER' },
  ...{ pl_pesel: 'PL_PESEL', se_personnummer: 'SE_PERSONNUMMER', sg_fin: 'SG_NRIC_FIN', uk_nhs: 'UK_NHS' },
  ...{ uk_nino: 'UK_NINO', us_bank: 'US_BANK_NUMBER', us_itin: 'US_ITIN', us_npi: 'US_NPI' },
  ...{ us_passport: 'US_PASSPORT', us_ssn: 'US_SSN' },
}

const CASES = 'pii/presidio-testcases.odd.jsonl'
describe.skipIf(!has(CASES))("Presidio's test cases", () => {
  interface Case {
    test_file: string
    text?: string
    iban?: string
    expected_len?: number
  }
  test('precision and recall are at least 0.99', () => {
    let [right, wrong, missed] = [0, 0, 0]
    for (const { test_file, text, iban, expected_len } of linesOf<Case>(CASES)) {
      const rule = RULES[test_file.replace(/^test_|_recognizer\.py$/g, '')]
      const input = text ?? iban
      if (rule === undefined || input === undefined || expected_len === undefined) continue
      // At any score, as Presidio's cases count.
      const got = personalIn(input, { least: 0, also: ['IP_ADDRESS'] }).filter(
        (span) => span.rule === rule,
      ).length
      right += Math.min(got, expected_len)
      wrong += Math.max(0, got - expected_len)
      missed += Math.max(0, expected_len - got)
    }
    console.log(`Presidio's cases: ${right} right, ${wrong} wrong, ${missed} missed`)
    expect(right).toBeGreaterThan(200)
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(0.99)
    expect(right / (right + missed)).toBeGreaterThanOrEqual(0.99)
  })
})

const SENTENCES = 'pii/presidio-research-synth_dataset_v2.json'
describe.skipIf(!has(SENTENCES))('sentences of presidio-research', () => {
  interface Sentence {
    full_text: string
    spans: { entity_type: string; start_position: number; end_position: number }[]
  }
  const sentences = has(SENTENCES) ? (JSON.parse(read(SENTENCES)) as Sentence[]) : []
  test.each([
    ['EMAIL_ADDRESS', 0.98, 0.98],
    ['IBAN_CODE', 0.98, 0.98],
    ['IP_ADDRESS', 0.98, 0.98],
    ['CREDIT_CARD', 0.98, 0.98],
    ['US_SSN', 0.98, 0.98],
    ['PHONE_NUMBER', 0.9, 0.6],
  ])('%s: precision %f, recall %f', (rule, precision, recall) => {
    let [right, wrong, missed] = [0, 0, 0]
    for (const { full_text, spans } of sentences) {
      const got = personalIn(full_text, { also: ['IP_ADDRESS'] }).filter((span) => span.rule === rule)
      const wanted = spans.filter(({ entity_type }) => entity_type === rule)
      const isHit = (span: Span) =>
        wanted.some((one) => span.from < one.end_position && span.to > one.start_position)
      const isFound = (one: Sentence['spans'][number]) =>
        got.some((span) => span.from < one.end_position && span.to > one.start_position)
      right += wanted.filter(isFound).length
      missed += wanted.filter((one) => !isFound(one)).length
      wrong += got.filter((span) => !isHit(span)).length
    }
    console.log(`${rule}: ${right} right, ${wrong} wrong, ${missed} missed`)
    expect(right / (right + wrong)).toBeGreaterThanOrEqual(precision)
    expect(right / (right + missed)).toBeGreaterThanOrEqual(recall)
  })
})

const VECTORS = 'secrets/gitleaks-vectors.odd.jsonl'
describe.skipIf(!has(VECTORS))("gitleaks' vectors", () => {
  interface Vector {
    rule: string
    tp: string[] | null
    fp: string[] | null
  }
  test('99 % of what it must find, at most 10 % of what it must not', () => {
    const vectors = linesOf<Vector>(VECTORS)
    const isFound = (rule: string) => (text: string) =>
      secretsIn(text, 'document').some((span) => span.rule === rule)
    const must = vectors.flatMap(({ rule, tp }) => (tp ?? []).map(isFound(rule)))
    const mustNot = vectors.flatMap(({ rule, fp }) => (fp ?? []).map(isFound(rule)))
    const [found, fired] = [must.filter(Boolean).length, mustNot.filter(Boolean).length]
    console.log(
      `gitleaks' vectors: ${found} of ${must.length} found, ${fired} of ${mustNot.length} negatives`,
    )
    expect(must.length).toBeGreaterThan(3000)
    expect(found / must.length).toBeGreaterThanOrEqual(0.99)
    expect(fired / mustNot.length).toBeLessThanOrEqual(0.1)
  })
})

const EVENTS = 'cloudtrail/invictus'
describe.skipIf(!has(EVENTS))('real CloudTrail events', () => {
  const texts = has(EVENTS) ? filesBelow(join(DATA, EVENTS)).flatMap(textsOf) : []
  test('have no secrets outside of identity columns', () => {
    expect(texts.length).toBeGreaterThan(1000)
    expect(texts.flatMap((text) => secretsIn(text, 'parameters'))).toEqual([])
  })
  test('have at most 0.05 pieces of personal data a row', () => {
    const hits = texts.flatMap((text) => personalIn(text))
    expect(hits.length / 2900).toBeLessThanOrEqual(0.05)
  })
})

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
}

/** The texts that CloudTrail's columns with a role hold. */
function textsOf(file: string): string[] {
  const { Records = [] } = JSON.parse(readFileSync(file, 'utf8')) as { Records?: Record<string, unknown>[] }
  const fields = ['requestParameters', 'responseElements', 'additionalEventData', 'errorMessage']
  return Records.flatMap((record) =>
    fields
      .map((field) => record[field])
      .filter((value) => value !== undefined && value !== null)
      .map((value) => (typeof value === 'string' ? value : JSON.stringify(value))),
  )
}
