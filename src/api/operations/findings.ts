import { z } from 'zod'
import { STATES, VERDICTS } from '../../detect/decide.ts'
import { operation } from '../contract.ts'
import { findingOf, findingsOf, triageOf } from '../pages/findings.ts'
import { suppressionEndOf, suppressionsOf, suppressOf } from '../pages/suppress.ts'
import { everybodyWithRows, seesEverything } from '../rights.ts'
import { after, count, iso, isoOrNull, limit, span, standing, text, textOrNull } from '../shapes.ts'

const states = ['all', 'open', 'mine', 'closed', 'suppressed'] as const

const findingRow = z.object({
  id: text,
  time: isoOrNull,
  rule: text,
  title: text,
  severity: z.enum(['informational', 'low', 'medium', 'high', 'critical']),
  detector: textOrNull,
  who: textOrNull,
  arn: textOrNull,
  explanation: textOrNull,
  what: textOrNull.describe('The resource or session that it is about.'),
  account: textOrNull,
  region: textOrNull,
  count: count,
  state: z.enum([...STATES, 'suppressed']),
  verdict: z.enum(VERDICTS).nullable(),
  reason: textOrNull,
  assignee: textOrNull,
  suppressed_by: textOrNull.describe('The suppression that hides it.'),
  suppressed_why: textOrNull,
})

export const findings = operation({
  name: 'findings',
  doc: 'Lists what rules found, with its state.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  personal: true,
  reads: ['finding', 'finding_note', 'suppression'],
  input: z.object({
    ...span,
    state: z.enum(states).default('open'),
    where: z
      .array(text.max(1000))
      .max(20)
      .default([])
      .describe(
        'As in activity: rule, severity, who, what (its resource), account, region, verdict, assignee.',
      ),
    group: z.enum(['none', 'rule', 'who', 'account']).default('none'),
    after,
    limit: limit(1000, 200),
  }),
  output: z.object({
    ...standing,
    there: z.boolean().describe('False while no follower has found anything and none is set up.'),
    rows: z.array(findingRow),
    groups: z.array(z.object({ key: textOrNull, findings: count, newest: isoOrNull, severity: text })),
    states: z.object({ open: count, mine: count, closed: count, suppressed: count }),
    total: count,
    next: textOrNull,
  }),
  may: everybodyWithRows,
  run: findingsOf,
})

export const finding = operation({
  name: 'finding',
  doc: 'Shows a finding with its evidence rows, its rule with the runbook, and its history.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: 'all',
  input: z.object({ id: text.max(200) }),
  output: z.object({
    ...standing,
    finding: findingRow,
    rule: z.object({
      name: text,
      doc: textOrNull,
      runbook: textOrNull,
      references: z.array(text),
      false_positives: z.array(text),
    }),
    evidence: z.array(z.object({ table: text, id: text, time: isoOrNull, row: z.record(text, z.unknown()) })),
    history: z.array(
      z.object({
        at: text,
        by: text,
        state: text,
        verdict: textOrNull,
        reason: textOrNull,
        assignee: textOrNull,
      }),
    ),
    others: z.object({ same_rule: count, same_actor: count }),
  }),
  may: everybodyWithRows,
  run: findingOf,
})

export const triage = operation({
  name: 'triage',
  doc: 'Takes, closes or reopens findings: those named, or all that meet conditions.',
  kind: 'write',
  queue: 'page',
  scope: 'admin',
  input: z.object({
    ids: z.array(text.max(200)).max(10_000).optional(),
    matching: z
      .object({ ...span, state: z.enum(states).default('open'), where: z.array(text).default([]) })
      .optional()
      .describe('As in findings: all that it would list, whatever its limit.'),
    to: z.enum(STATES),
    verdict: z
      .enum(VERDICTS)
      .optional()
      .describe(
        'Wanted to close. What is opened or taken again has no verdict; its history keeps the old one.',
      ),
    reason: text.trim().max(4000).optional().describe('Wanted to close.'),
    assignee: text
      .trim()
      .max(300)
      .optional()
      .describe('Who looks into it, empty for nobody; whoever takes it, unless another is named.'),
  }),
  output: z.object({ changed: count }),
  may: seesEverything,
  run: triageOf,
})

const pattern = text.min(1).max(1000).optional()

export const suppress = operation({
  name: 'suppress',
  doc: 'Hides findings of a rule, an actor, a resource until a time; none is deleted, and each is counted as suppressed.',
  kind: 'write',
  queue: 'page',
  scope: 'admin',
  input: z.object({
    rule: text.min(1).max(200).optional().describe('Of this rule: its id.'),
    actor: pattern.describe('Of this actor, as `arn` of a finding has it; `*` stands for anything.'),
    resource: pattern.describe('Of this resource, as `what` of a finding has it; `*` stands for anything.'),
    until: iso.describe('Findings from then on are not hidden; a time to come.'),
    reason: text.trim().min(3).max(4000),
  }),
  output: z.object({
    id: text,
    hides: count.describe('Findings that there are, and that it hides: all but the closed ones.'),
  }),
  may: seesEverything,
  run: suppressOf,
})

export const suppressions = operation({
  name: 'suppressions',
  doc: 'Lists suppressions, newest first, with what each hides.',
  kind: 'read',
  queue: 'page',
  scope: 'read',
  reads: ['finding', 'finding_note', 'suppression'],
  input: z.object({ limit: limit(1000, 200) }),
  output: z.object({
    ...standing,
    rows: z.array(
      z.object({
        id: text,
        rule: textOrNull,
        title: textOrNull.describe('Of the rule, where there is such a one.'),
        actor: textOrNull,
        resource: textOrNull,
        until: iso,
        ended: z.boolean().describe('Whether somebody ended it before its time.'),
        reason: textOrNull,
        by: textOrNull.describe('Who made it, or ended it.'),
        made: iso,
        hides: count.describe('Findings that it hides now, also where another one hides them, too.'),
        alone: count.describe('Findings among them that no other one hides: ending it shows them.'),
      }),
    ),
    hidden: count.describe('Findings that any of them hides, each counted once.'),
    total: count,
  }),
  may: seesEverything,
  run: suppressionsOf,
})

export const suppressionEnd = operation({
  name: 'suppression-end',
  doc: 'Ends a suppression now: what it hid is shown again.',
  kind: 'write',
  queue: 'page',
  scope: 'admin',
  input: z.object({ id: text.min(1).max(100) }),
  output: z.object({ shows: count.describe('Findings that it alone hid, and that are shown again.') }),
  may: seesEverything,
  run: suppressionEndOf,
})
