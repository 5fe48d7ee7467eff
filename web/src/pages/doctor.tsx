import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { get, type Output, useAsk } from '../api/client.ts'
import { Header } from '../shell/header.tsx'
import { ms, plural, relative } from '../time/format.ts'
import { Button } from '../ui/button.tsx'
import { plain } from '../ui/plain.ts'
import { Part } from '../ui/states.tsx'
import { copy, say } from '../ui/toast.tsx'
import './doctor.css'

type Data = Output<'doctor'>
type Line = Data['lines'][number]

/** Checks of the set-up, each failed one with its fix. */
export function Doctor() {
  const report = useAsk('doctor', {})
  const client = useQueryClient()
  const [looking, setLooking] = useState(false)
  const look = async () => {
    setLooking(true)
    try {
      client.setQueryData(['doctor', {}], await get('doctor', { anew: true }))
    } catch {
      say('The checks could not be repeated')
    } finally {
      setLooking(false)
    }
  }
  return (
    <>
      <Header title="Doctor" />
      <div className="page roomy doctor">
        <Part of={report} rows={12}>
          {(data) => (
            <>
              <div className="head">
                <Total data={data} />
                <Button off={looking ? 'The checks are running' : undefined} onClick={look}>
                  {looking ? 'Checking…' : 'Check again'}
                </Button>
                <span className="faint">checked {relative(ms(data.at) ?? Date.now())}</span>
              </div>
              {groupsOf(data).map(([group, lines]) => (
                <Group key={group} group={group} lines={lines} />
              ))}
              <p className="soft">
                The checks only read. <code>loglake doctor --fix</code> repairs loglake's own parts;{' '}
                <code>--write</code> sends a test object and waits for it.
              </p>
            </>
          )}
        </Part>
      </div>
    </>
  )
}

function groupsOf({ lines }: Data): [string, Line[]][] {
  const groups = new Map<string, Line[]>()
  for (const line of lines) groups.set(line.group, [...(groups.get(line.group) ?? []), line])
  return [...groups]
}

function Total({ data: { counts, state } }: { data: Data }) {
  const looks = { ok: 'green', not: 'red', unknown: 'amber' } as const
  return (
    <p className={`notice ${looks[state]}`}>
      <b>
        {counts.not === 0
          ? counts.unknown === 0
            ? 'Everything is set up.'
            : 'No check failed.'
          : `${plural(counts.not, 'check')} failed.`}
      </b>
      <span>
        {counts.ok} ok, {counts.unknown} unknown, {counts.none} not applicable
      </span>
    </p>
  )
}

/** Failed and unknown checks first; the others fold into one line below. */
function Group({ group, lines }: { group: string; lines: readonly Line[] }) {
  const open = lines.filter(({ state }) => state === 'not' || state === 'unknown')
  const quiet = lines.filter(({ state }) => state === 'ok' || state === 'none')
  const well = quiet.filter(({ state }) => state === 'ok').length
  return (
    <section className="card">
      <header>
        <h2>{group}</h2>
      </header>
      {open.length > 0 && (
        <ul className="checks">
          {open.map((line) => (
            <Item key={`${line.check} ${line.about} ${line.says}`} line={line} />
          ))}
        </ul>
      )}
      {quiet.length > 0 && (
        <details className="quiet">
          <summary>
            {[
              ...(well > 0 ? [`${well} ok`] : []),
              ...(quiet.length > well ? [`${quiet.length - well} not applicable`] : []),
            ].join(', ')}
          </summary>
          <ul>
            {quiet.map((line) => (
              <li key={`${line.check} ${line.about} ${line.says}`}>
                {line.title}: {plain([line.about, line.says].filter(Boolean).join(': '))}
              </li>
            ))}
          </ul>
        </details>
      )}
    </section>
  )
}

function Item({ line: { state, check, title, about, says, fix } }: { line: Line }) {
  return (
    <li>
      <span>
        {state === 'not' ? (
          <span className="tag red">not ok</span>
        ) : (
          <span className="tag amber">unknown</span>
        )}
      </span>
      <span className="strong" title={title}>
        {check}
      </span>
      <div className="says">
        {about && <span className="mono soft">{plain(about)} </span>}
        {plain(says)}
      </div>
      {fix && (
        <div className="fix">
          <span className="soft">
            {plain(fix.does)}
            {fix.needs.length > 0 && (
              <>
                {' '}
                It needs <code>{fix.needs.join(', ')}</code>.
              </>
            )}
            {fix.costs && ` It costs ${fix.costs}.`}
          </span>
          {fix.commands.map((command) => (
            <div key={command} className="command">
              <code className="mono">{plain(command)}</code>
              <Button look="quiet" onClick={() => copy(command, 'command')}>
                Copy
              </Button>
            </div>
          ))}
        </div>
      )}
    </li>
  )
}
