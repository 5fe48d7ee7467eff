import { useMutation, useQueryClient } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { failureText, type Output, post, useAsk } from '../api/client.ts'
import { usePages } from '../api/pages.ts'
import { useAddress, useRange } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { may, useMe } from '../shell/me.ts'
import { dayTime, ms, number, plural } from '../time/format.ts'
import { Button, Segments } from '../ui/button.tsx'
import { FilterBar } from '../ui/filters.tsx'
import { Dialog } from '../ui/float.tsx'
import { JsonTree, parsed } from '../ui/json.tsx'
import { useKeys } from '../ui/keys.ts'
import { plain } from '../ui/plain.ts'
import { Empty, Failed, Part, Skeleton } from '../ui/states.tsx'
import { type Column, DataTable } from '../ui/table.tsx'
import { TimeRange } from '../ui/time-range.tsx'
import { say } from '../ui/toast.tsx'
import { When } from '../ui/when.tsx'
import { Suppress } from './suppress.tsx'
import { Suppressions } from './suppressions.tsx'
import './findings.css'
import './activity.css'

export { Digest } from './digest.tsx'

type Row = Output<'findings'>['rows'][number]
type State = 'all' | 'open' | 'mine' | 'closed' | 'suppressed'
type Group = 'none' | 'rule' | 'who' | 'account'

type Verdict = 'true' | 'false' | 'benign' | 'duplicate'

const VERDICTS = [
  ['true', 'True positive: it is what the rule says'],
  ['benign', 'Benign: it happened, and was meant to'],
  ['false', 'False positive: the rule was wrong'],
  ['duplicate', 'Duplicate: another finding is about the same'],
] as const

const VERDICT_WORD: Record<Verdict, string> = {
  true: 'true positive',
  false: 'false positive',
  benign: 'benign',
  duplicate: 'duplicate',
}

export function Severity({ of }: { of: string }) {
  const look = of === 'critical' || of === 'high' ? 'red' : of === 'medium' ? 'amber' : ''
  return <span className={`tag ${look}`}>{of}</span>
}

/** An explanation begins with who, where and when, which other columns have. */
function whyOf({ explanation, rule }: Row): string {
  return explanation?.split('. ').slice(1).join('. ') || rule
}

export function Findings() {
  const { range, from, to, setRange, known } = useRange()
  const { one, list, change } = useAddress()
  const me = useMe()
  const state = (one('state') ?? 'open') as State
  const group = (one('group') ?? 'none') as Group
  const where = list('q')
  const open = one('f')
  const input = { from, to, state, group, where, limit: 200 }
  const pages = usePages('findings', input, known)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const all = (pages.data?.pages ?? []) as Output<'findings'>[]
  const first = all[0]
  const rows = all.flatMap((page) => page.rows)
  const at = rows.findIndex(({ id }) => id === open)
  const show = (row: Row | undefined) => row && change({ f: row.id }, { replace: open !== undefined })
  useKeys({
    Escape: () => open && change({ f: undefined }),
    ']': () => show(rows[at + 1]),
    '[': () => show(rows[at - 1]),
  })
  const states = first?.states
  const count = (value: number | undefined) => (value === undefined ? '' : ` ${number(value)}`)
  return (
    <>
      <Header title="Findings">
        <TimeRange range={range} onChange={setRange} />
      </Header>
      <div className="page column findings">
        <div className="bar">
          <Segments<State>
            label="Which findings"
            choices={[
              ['open', `Open${count(states?.open)}`],
              ['mine', `Mine${count(states?.mine)}`],
              ['closed', `Closed${count(states?.closed)}`],
              ['suppressed', `Suppressed${count(states?.suppressed)}`],
              ['all', 'All'],
            ]}
            chosen={state}
            onChoose={(next) => change({ state: next === 'open' ? undefined : next, f: undefined })}
          />
          <FilterBar
            where={where}
            onChange={(next) => change({ q: next.length ? next : undefined })}
            fields={['rule', 'severity', 'who', 'account', 'region']}
            anywhere="rule"
            placeholder="severity:high, -rule:…"
          />
          <label className="group">
            <small>Group by</small>
            <select
              className="input"
              value={group}
              onChange={(event) =>
                change({ group: event.target.value === 'none' ? undefined : event.target.value })
              }
            >
              <option value="none">nothing</option>
              <option value="rule">rule</option>
              <option value="who">who</option>
              <option value="account">account</option>
            </select>
          </label>
        </div>
        {group !== 'none' && first && first.groups.length > 0 && (
          <Groups groups={first.groups} by={group} where={where} />
        )}
        {state === 'suppressed' && may(me, 'suppressions') && (
          <Suppressions endable={may(me, 'suppression-end')} />
        )}
        {chosen.size > 0 && may(me, 'triage') && (
          <Bulk
            chosen={[...chosen]}
            total={first?.total ?? 0}
            matching={{ from, to, where }}
            onDone={() => setChosen(new Set())}
          />
        )}
        {pages.error && !pages.data ? (
          <Failed error={pages.error} retry={() => pages.refetch()} />
        ) : !first ? (
          <Skeleton />
        ) : !first.there ? (
          <Empty title="No rules are set up">
            Findings come from rules that follow the logs. When <code>loglake run</code> has them, what they
            find is here.
          </Empty>
        ) : rows.length === 0 ? (
          <Empty
            title={state === 'open' ? 'Nothing is open in this span' : 'There are none'}
            action={
              <Button onClick={() => change({ t: 'all', state: 'all', q: undefined })}>
                Show all findings
              </Button>
            }
          >
            No rule found anything that is in this state and meets these conditions.
          </Empty>
        ) : (
          <div className={open ? 'split open' : 'split'}>
            <div className="rows">
              <DataTable
                label="Findings"
                columns={columnsOf(chosen, setChosen, may(me, 'triage'))}
                rows={rows}
                keyOf={(row) => row.id}
                total={first.total}
                rowHeight={44}
                selected={open}
                wide={760}
                onOpen={show}
                href={(row) => `/findings?f=${encodeURIComponent(row.id)}`}
                onEnd={() => pages.hasNextPage && !pages.isFetchingNextPage && pages.fetchNextPage()}
                foot={
                  rows.length === first.total
                    ? plural(first.total, 'finding')
                    : `${number(rows.length)} of ${plural(first.total, 'finding')}`
                }
              />
            </div>
            {open && <One id={open} onClose={() => change({ f: undefined })} />}
          </div>
        )}
      </div>
    </>
  )
}

function columnsOf(
  chosen: ReadonlySet<string>,
  setChosen: (next: ReadonlySet<string>) => void,
  choosable: boolean,
): Column<Row>[] {
  const choose: Column<Row> = {
    name: 'choose',
    title: '',
    width: '20px',
    cell: (row) => (
      <input
        type="checkbox"
        aria-label={`Choose ${row.title}`}
        checked={chosen.has(row.id)}
        onClick={(event) => event.stopPropagation()}
        onChange={() => {
          const next = new Set(chosen)
          if (!next.delete(row.id)) next.add(row.id)
          setChosen(next)
        }}
      />
    ),
  }
  return [
    ...(choosable ? [choose] : []),
    { name: 'severity', title: 'Severity', width: '92px', cell: (row) => <Severity of={row.severity} /> },
    {
      name: 'title',
      title: 'What was found',
      width: 'minmax(260px, 2fr)',
      cell: (row) => (
        <>
          <span className="strong">{plain(row.title)}</span>
          {row.count > 1 && <span className="faint"> ×{number(row.count)}</span>}
          <small title={row.explanation ?? ''}>{plain(whyOf(row))}</small>
        </>
      ),
    },
    {
      name: 'who',
      title: 'Who, what',
      width: 'minmax(160px, 1fr)',
      cell: (row) => (
        <>
          {plain(row.who ?? '')}
          <small>{plain(row.what ?? '')}</small>
        </>
      ),
    },
    { name: 'time', title: 'When', width: '118px', cell: (row) => <When at={row.time} /> },
    {
      name: 'state',
      title: 'State',
      width: '130px',
      cell: (row) => (
        <>
          {row.state === 'closed' && row.verdict ? VERDICT_WORD[row.verdict] : row.state}
          <small>{plain(row.assignee ?? (row.state === 'open' ? 'unassigned' : ''))}</small>
        </>
      ),
    },
  ]
}

function Groups({ groups, by, where }: { groups: Output<'findings'>['groups']; by: Group; where: string[] }) {
  const { change } = useAddress()
  return (
    <div className="groups">
      {groups.map(({ key, findings, newest, severity }) => (
        <button
          key={key ?? ''}
          type="button"
          className="card"
          onClick={() =>
            change({ q: [...where, key === null ? `-${by}:*` : `${by}:${key}`], group: undefined })
          }
        >
          <Severity of={severity} />
          <b className="cut">{plain(key ?? 'none')}</b>
          <small>
            {plural(findings, 'finding')}
            {ms(newest) !== undefined && `, newest ${dayTime(ms(newest) as number)}`}
          </small>
        </button>
      ))}
    </div>
  )
}

function Bulk({
  chosen,
  total,
  matching,
  onDone,
}: {
  chosen: string[]
  total: number
  matching: { from: string; to: string; where: string[] }
  onDone: () => void
}) {
  const [all, setAll] = useState(false)
  const target = all ? { matching } : { ids: chosen }
  return (
    <div className="bar bulk">
      <b>{all ? `All ${number(total)} that meet the conditions` : `${number(chosen.length)} chosen`}</b>
      {!all && total > chosen.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          Choose all {number(total)}
        </Button>
      )}
      <Triage target={target} onDone={onDone} />
      <span className="spring" />
      <Button look="quiet" onClick={onDone}>
        Choose none
      </Button>
    </div>
  )
}

function Triage({
  target,
  onDone,
}: {
  target: { ids?: string[]; matching?: { from: string; to: string; where: string[] } }
  onDone?: () => void
}) {
  const [closing, setClosing] = useState(false)
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: (input: { to: 'open' | 'taken' | 'closed'; verdict?: Verdict; reason?: string }) =>
      post('triage', { ...target, ...input }),
    onSuccess: ({ changed }) => {
      say(`${plural(changed, 'finding')} changed`)
      setClosing(false)
      onDone?.()
      return client.invalidateQueries()
    },
    onError: (error) => say(failureText(error)),
  })
  return (
    <>
      <Button onClick={() => send.mutate({ to: 'taken' })}>Take</Button>
      <Button onClick={() => setClosing(true)}>Close…</Button>
      <Button onClick={() => send.mutate({ to: 'open' })}>Reopen</Button>
      {closing && (
        <Close
          onClose={() => setClosing(false)}
          onSend={(verdict, reason) => send.mutate({ to: 'closed', verdict, reason })}
        />
      )}
    </>
  )
}

function Close({
  onClose,
  onSend,
}: {
  onClose: () => void
  onSend: (verdict: Verdict, reason: string) => void
}) {
  const [verdict, setVerdict] = useState<Verdict>()
  const [reason, setReason] = useState('')
  const off = !verdict ? 'Choose a verdict' : reason.trim().length < 3 ? 'It needs a reason' : undefined
  return (
    <Dialog
      title="Close"
      onClose={onClose}
      footer={
        <Button look="primary" off={off} onClick={() => verdict && onSend(verdict, reason)}>
          Close
        </Button>
      }
    >
      <fieldset className="verdicts">
        <legend className="hidden">Verdict</legend>
        {VERDICTS.map(([name, title]) => (
          <label key={name}>
            <input type="radio" name="verdict" checked={verdict === name} onChange={() => setVerdict(name)} />{' '}
            {title}
          </label>
        ))}
      </fieldset>
      <div className="field">
        <label htmlFor="closing">Reason</label>
        <textarea
          id="closing"
          className="input"
          rows={3}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
      </div>
    </Dialog>
  )
}

function One({ id, onClose }: { id: string; onClose: () => void }) {
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
                <span className="tag">{data.finding.state}</span>
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
                <h3>Rule: {plain(data.rule.name)}</h3>
                {data.rule.doc && <p className="soft">{plain(data.rule.doc)}</p>}
                {data.rule.runbook && (
                  <>
                    <h3>What to do</h3>
                    <p className="runbook">{plain(data.rule.runbook)}</p>
                  </>
                )}
                {data.rule.false_positives.length > 0 && (
                  <small className="block">
                    Known to be benign: {plain(data.rule.false_positives.join('; '))}
                  </small>
                )}
                <small className="soft block">
                  Of the same rule {number(data.others.same_rule)} more, of the same actor{' '}
                  {number(data.others.same_actor)} more.
                </small>
              </section>
              <section className="whole">
                <h3>Evidence: {plural(data.evidence.length, 'row')}</h3>
                {data.evidence.map(({ table, id, time, row }) => (
                  <details key={`${table}${id}`} open={data.evidence.length < 3}>
                    <summary>
                      {plain(String(row.eventname ?? table))} <When at={time} />
                      {table === 'cloudtrail' && (
                        <a
                          href={`/activity?t=${encodeURIComponent(`${time ?? ''} ±15m`)}&e=${encodeURIComponent(id)}`}
                        >
                          {' '}
                          in Activity
                        </a>
                      )}
                    </summary>
                    <JsonTree
                      value={Object.fromEntries(
                        Object.entries(row)
                          .filter(([, value]) => value !== null)
                          .map(([name, value]) => [name, parsed(value)]),
                      )}
                    />
                  </details>
                ))}
              </section>
              {data.history.length > 0 && (
                <section className="whole">
                  <h3>History</h3>
                  {data.history.map(({ at, by, state, verdict, reason }) => (
                    <p key={`${at}${state}`} className="soft">
                      <When at={at} /> {plain(by)}: {state}
                      {verdict && `, ${verdict}`}
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
