import { X } from 'lucide-react'
import { useAsk } from '../../api/client.ts'
import { ExportEvidence } from '../../parts/export-evidence.tsx'
import { may, useMe } from '../../shell/me.ts'
import { number, plural } from '../../time/format.ts'
import { Button } from '../../ui/button.tsx'
import { JsonTree, parsed } from '../../ui/json.tsx'
import { plain } from '../../ui/plain.ts'
import { Severity } from '../../ui/severity.tsx'
import { Part } from '../../ui/states.tsx'
import { When } from '../../ui/when.tsx'
import { Suppress } from './suppress.tsx'
import { Triage } from './triage.tsx'
import { VERDICT_WORD } from './verdicts.ts'
import '../../parts/record.css'

export function Finding({ id, onClose }: { id: string; onClose: () => void }) {
  const me = useMe()
  const finding = useAsk('finding', { id })
  return (
    <aside className="record" aria-label="Finding">
      <header>
        <h1 className="cut">
          {finding.data && !finding.isPlaceholderData ? plain(finding.data.finding.title) : 'Finding'}
        </h1>
        <span className="spring" />
        <Button look="icon" aria-label="Close the finding" onClick={onClose}>
          <X size={14} />
        </Button>
      </header>
      <div className="inside">
        <Part of={finding}>
          {(data) => (
            <>
              <div className="ways">
                <Severity of={data.finding.severity} />
                <span className="tag">
                  {data.finding.state === 'closed' && data.finding.verdict
                    ? VERDICT_WORD[data.finding.verdict]
                    : data.finding.state}
                </span>
                {may(me, 'triage') && <Triage target={{ ids: [id] }} />}
                {may(me, 'suppress') && data.finding.state !== 'suppressed' && (
                  <Suppress finding={data.finding} />
                )}
              </div>
              <dl>
                {(
                  [
                    ['What', data.finding.explanation],
                    ['Who', data.finding.who],
                    ['About', data.finding.what],
                    ['Account', data.finding.account],
                    ['Region', data.finding.region],
                    ['Assignee', data.finding.assignee],
                    ['Reason', data.finding.reason],
                    ['Suppressed', data.finding.suppressed_why],
                  ] as const
                ).map(
                  ([name, value]) =>
                    value && (
                      <div key={name}>
                        <dt>{name}</dt>
                        <dd>{plain(value)}</dd>
                      </div>
                    ),
                )}
                <div>
                  <dt>When</dt>
                  <dd>
                    <When at={data.finding.time} form="full" />
                  </dd>
                </div>
              </dl>
              <section className="whole">
                <h3>Rule: {plain(data.finding.title)}</h3>
                {data.rule.doc && <p className="soft">{plain(data.rule.doc)}</p>}
                {data.rule.runbook && (
                  <>
                    <h3>What to do</h3>
                    <p className="runbook">{plain(data.rule.runbook)}</p>
                  </>
                )}
                {data.rule.false_positives.length > 0 && (
                  <small className="block">
                    Benign causes: {plain(data.rule.false_positives.join('; '))}
                  </small>
                )}
                <small className="soft block">
                  {number(data.others.same_rule)} more of the same rule, {number(data.others.same_actor)} more
                  of the same actor.
                </small>
                <small className="block mono">{plain(data.rule.name)}</small>
              </section>
              <section className="whole">
                <h3>Evidence: {plural(data.evidence.length, 'row')}</h3>
                {data.evidence.map(({ table, id, time, row }) => (
                  <div key={`${table}${id}`} className="proof">
                    <details open={data.evidence.length < 3}>
                      <summary>
                        <span className="mono soft">
                          <When at={time} />
                        </span>{' '}
                        {plain(String(row.eventname ?? table))}
                      </summary>
                      <JsonTree
                        value={Object.fromEntries(
                          Object.entries(row)
                            .filter(([, value]) => value !== null)
                            .map(([name, value]) => [name, parsed(value)]),
                        )}
                      />
                    </details>
                    {table === 'cloudtrail' && (
                      <a
                        href={`/activity?t=${encodeURIComponent(`${time ?? ''} ±15m`)}&e=${encodeURIComponent(id)}`}
                      >
                        in Activity
                      </a>
                    )}
                  </div>
                ))}
                {may(me, 'evidence') && <ExportEvidence of={{ finding: id }} />}
              </section>
              {data.history.length > 0 && (
                <section className="whole">
                  <h3>History</h3>
                  {data.history.map(({ at, by, state, verdict, reason, assignee }, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: rows are only added at the end.
                    <p key={index} className="soft">
                      <When at={at} /> {plain(by)}:{' '}
                      {plain([state, verdict, assignee && `for ${assignee}`].filter(Boolean).join(', '))}
                      {reason && ` “${plain(reason)}”`}
                    </p>
                  ))}
                </section>
              )}
            </>
          )}
        </Part>
      </div>
    </aside>
  )
}
