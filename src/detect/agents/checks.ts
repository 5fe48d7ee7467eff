import { scan } from '../../scan/index.ts'
import type { Matched } from '../contract.ts'
import type { AgentCall, ToolUse } from './run.ts'
import {
  dangers,
  destinations,
  domainOf,
  linksWithData,
  sharedShingles,
  toolClass,
  toolKind,
} from './signs.ts'

/** An agent's history at the time of a call. */
export interface History {
  /**
   * Whether it used a tool, or reached a domain, before this call; and whether its history is long enough to
   * judge by.
   */
  used(tool: string): boolean
  reached(domain: string): boolean
  isKnown: boolean
  /** Whether the agent was first seen long enough ago for a first use to mean something. */
  isSettled: boolean
  /** The tools that it may use, where the configuration lists them. */
  allowed?: readonly string[]
}

/** A sign that a check found in one call. */
export interface Sign {
  /** Together with the call's id, it distinguishes this sign from others of the same rule. */
  about: string
  resource?: string
  matched: Matched[]
}

export interface Check {
  /** The rule's `name`. */
  rule: string
  find(call: AgentCall, history: History): Sign[]
}

const USES = 'tool_uses'
const RESULTS = 'tool_results'
const MAX_TEXT = 200_000

/** An agent follows a prompt in a tool's result: the next tool that it calls, it never called before. */
const newToolAfterInjection: Check = {
  rule: 'injection-then-new-tool',
  find(call, history) {
    const fresh = call.calls.filter(({ name }) => !history.used(name))
    if (fresh.length === 0 || !history.isKnown) return []
    const passage = injectionIn(call)
    if (passage === undefined) return []
    return fresh.map((use) =>
      sign(use, [toolNamed(use), { field: 'result', column: RESULTS, value: passage }]),
    )
  },
}

/** The first passage in the newest results that gives the model instructions. */
function injectionIn({ results }: AgentCall): string | undefined {
  const newest = Math.max(...results.map(({ turn }) => turn))
  for (const { content, turn } of results) {
    if (turn !== newest) continue
    const text = content.slice(0, MAX_TEXT)
    const [span] = scan(text, 'document', { kinds: ['injection'] })
    if (span) return text.slice(span.from, span.to)
  }
  return undefined
}

/** The destination of a call is in a tool's result, and not in the user's words. */
const notAskedFor: Check = {
  rule: 'tool-call-not-asked-for',
  find({ calls, results, user, system }) {
    if (results.length === 0) return []
    const said = `${user}\n${system}`.toLowerCase()
    const read = results.map(({ content }) => content).join('\n')
    return calls.flatMap((use) => {
      if (!['sends', 'changes'].includes(toolKind(use.name))) return []
      const strange = destinations(use.input).filter(
        (one) => read.includes(one) && !said.includes(one.toLowerCase()),
      )
      if (strange.length === 0) return []
      return [sign(use, [toolNamed(use), ...strange.map((value) => input(value))], strange[0])]
    })
  },
}

/** The agent reads something, and then sends it to a domain that it never reached before. */
const sentAfterReading: Check = {
  rule: 'data-out-after-reading',
  find({ calls, before, user, system }, history) {
    const read = before.find(({ name }) => toolKind(name) === 'reads')
    if (!read || !history.isKnown) return []
    const said = `${user}\n${system}`.toLowerCase()
    return calls.flatMap((use) => {
      if (toolKind(use.name) !== 'sends') return []
      const domains = [...new Set(destinations(use.input).flatMap((one) => domainOf(one) ?? []))]
      const strange = domains.filter((domain) => !said.includes(domain) && !history.reached(domain))
      if (strange.length === 0) return []
      return [
        sign(use, [toolNamed(read), toolNamed(use), ...strange.map((value) => input(value))], strange[0]),
      ]
    })
  },
}

/** A tool that the configuration does not allow this agent, or that the model was not offered. */
const outsideTheList: Check = {
  rule: 'tool-outside-list',
  find({ calls, offered }, { allowed }) {
    const list = allowed ?? (offered.length > 0 ? offered : undefined)
    if (list === undefined) return []
    return calls
      .filter(({ name }) => !list.includes(name))
      .map((use) => sign(use, [toolNamed(use)], use.name))
  },
}

const dangerousInput: Check = {
  rule: 'dangerous-tool-input',
  find({ calls }) {
    return calls.flatMap((use) => {
      const found = dangers(use.input.slice(0, MAX_TEXT))
      if (found.length === 0) return []
      return [sign(use, [toolNamed(use), ...found.map(({ passage }) => input(passage))], use.name)]
    })
  },
}

const LEAST_REFUSALS = 3
const REFUSED = /denied|forbidden|unauthori[sz]ed|not allowed|permission|\b40[13]\b/i

/** After repeated refusals, an agent calls a tool with more power. */
const mightierTool: Check = {
  rule: 'mightier-tool-after-refusals',
  find({ calls, before, results }) {
    const byId = new Map(before.flatMap((use) => (use.id === undefined ? [] : [[use.id, use] as const])))
    const refused = results
      .filter(({ status, content }) => status === 'error' && REFUSED.test(content.slice(0, 2_000)))
      .flatMap(({ id }) => (id === undefined ? [] : (byId.get(id) ?? [])))
    if (refused.length < LEAST_REFUSALS) return []
    const max = Math.max(...refused.map(({ name }) => toolClass(name)))
    const names = new Set(before.map(({ name }) => name))
    return calls
      .filter(({ name }) => toolClass(name) > max && !names.has(name))
      .map((use) => sign(use, [...refused.slice(-LEAST_REFUSALS), use].map(toolNamed), use.name))
  },
}

const LEAST_SHARE = 0.6

const systemPromptBack: Check = {
  rule: 'system-prompt-came-back',
  find({ system, answer }) {
    if (system === '' || answer === '') return []
    const share = sharedShingles(system, answer)
    if (share < LEAST_SHARE) return []
    const value = `${Math.round(share * 100)} % of the runs of eight words of the system prompt`
    return [{ about: 'system', matched: [{ field: 'completion', column: 'completion', value }] }]
  },
}

const linkWithData: Check = {
  rule: 'link-with-data',
  find({ answer, user, system, results }) {
    const said = [user, system, ...results.map(({ content }) => content)].join('\n').toLowerCase()
    const strange = linksWithData(answer).filter((url) => !said.includes(domainOf(url) ?? url))
    if (strange.length === 0) return []
    const matched = strange.map((value) => ({ field: 'completion', column: 'completion', value }))
    return [{ about: 'link', ...domain(strange[0]), matched }]
  },
}

const newTool: Check = {
  rule: 'first-tool-of-agent',
  find({ calls }, history) {
    if (!history.isSettled) return []
    return calls
      .filter(({ name }) => !history.used(name))
      .map((use) => ({ ...sign(use, [toolNamed(use)], use.name), about: `first ${use.name}` }))
  },
}

/** All checks of an agent's behaviour; each has a rule in `rules/detectors/` and a line here. */
export const checks: readonly Check[] = [
  newToolAfterInjection,
  notAskedFor,
  sentAfterReading,
  outsideTheList,
  dangerousInput,
  mightierTool,
  systemPromptBack,
  linkWithData,
  newTool,
]

function sign(use: ToolUse, matched: Matched[], resource?: string): Sign {
  return { about: use.id ?? use.name, matched, resource: resource ?? use.name }
}

function toolNamed({ name }: ToolUse): Matched {
  return { field: 'tool', column: USES, value: name }
}

function input(value: string): Matched {
  return { field: 'input', column: USES, value }
}

function domain(url: string | undefined): { resource?: string } {
  const found = url === undefined ? undefined : domainOf(url)
  return found === undefined ? {} : { resource: found }
}
