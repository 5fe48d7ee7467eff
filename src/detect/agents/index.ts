import type { Candidate, Rule } from '../contract.ts'
import { describedRules } from '../described.ts'
import { rowsOf } from '../stream.ts'
import type { DetectorKind, OpenDetector, Turn } from '../turn.ts'
import { checks, type History, type Sign } from './checks.ts'
import { openMemory } from './memory.ts'
import { AGENT_COLUMNS, type AgentCall, agentCall } from './run.ts'

const TABLE = 'bedrock_invocation'

/**
 * Compares the tool calls that a model asks for with what its user said and what tools returned. It finds
 * what no scorer of texts can: an agent that obeys a plain request in a document.
 */
export const agents: DetectorKind = {
  name: 'agents',
  doc: 'Compares the tool calls and answers of agents with what their users asked, and with what these agents did before.',
  rules: () => [...describedRules('agents').values()],
  open,
}

function open(turn: Turn): OpenDetector {
  const { settings } = turn
  const rules = describedRules('agents')
  const memory = openMemory(turn)
  return {
    name: agents.name,
    doc: agents.doc,
    rules: [...rules.values()],
    needs: [TABLE],
    async *find({ added, engine, failed, signal }) {
      const rows = added.get(TABLE)
      if (rows === undefined) return
      await memory.read()
      const broken = new Set<Rule>()
      const sql = `select ${AGENT_COLUMNS.join(', ')} from ${rows}
        where tools is not null or tool_uses is not null or (completion is not null and (system is not null
          or completion like '%](http%'))
        order by "timestamp", requestid`
      for await (const values of rowsOf(engine, sql, signal)) {
        const call = agentCall(values)
        if (!call) continue
        const history = historyOf(call)
        for (const { rule: name, find } of checks) {
          const rule = rules.get(name)
          if (!rule || broken.has(rule) || !turn.isOn(rule)) continue
          try {
            for (const sign of find(call, history)) yield candidateOf(rule, call, sign)
          } catch (thrown) {
            broken.add(rule)
            failed(rule, thrown)
          }
        }
        memory.learn(call)
      }
      await memory.write(engine)
    },
    remembers: () => memory.rows(),
  }

  function historyOf(call: AgentCall): History {
    const known = memory.of(call)
    const allowed = call.agent === undefined ? undefined : settings.tools[call.agent]
    return { ...known, ...(allowed === undefined ? {} : { allowed }) }
  }
}

function candidateOf(rule: Rule, call: AgentCall, { about, resource, matched }: Sign): Candidate {
  const { id, time, account, region, actor } = call
  return {
    rule,
    time,
    table: TABLE,
    rows: [{ table: TABLE, id, time }],
    count: 1,
    // The first use of a tool by an agent is one finding, in whichever row it came first.
    key: about.startsWith('first ')
      ? JSON.stringify([account, call.agent, about])
      : JSON.stringify([id, about]),
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
    ...(actor === undefined ? {} : { actor }),
    ...(resource === undefined ? {} : { resource: resource.slice(0, 500) }),
    matched: matched.map((one) => ({ ...one, ...(one.value && { value: one.value.slice(0, 1_000) }) })),
  }
}
