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

/** Whether everything is set up as it must be, and how each thing is mended that is not. */
export function Doctor() {
  const report = useAsk('doctor', {})
  const client = useQueryClient()
  const [looking, setLooking] = useState(false)
  const look = async () => {
    setLooking(true)
    try {
      client.setQueryData(['doctor', {}], await get('doctor', { anew: true }))
    } catch {
      say('It could not be looked at again')
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
                <Button off={looking ? 'It is being looked at' : undefined} onClick={look}>
                  {looking ? 'Looking…' : 'Look again'}
                </Button>
                <span className="faint">looked {relative(ms(data.at) ?? Date.now())}</span>
              </div>
              {groupsOf(data).map(([group, lines]) => (
                <Group key={group} group={group} lines={lines} />
              ))}
              <p className="soft">
                It only reads. <code>loglake doctor --fix</code> mends what is ours; <code>--write</code> sees
                a marker arrive.
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
            ? 'All is as it must be.'
            : 'Nothing is known to be wrong.'
          : `${plural(counts.not, 'thing')} ${counts.not === 1 ? 'is' : 'are'} not as ${counts.not === 1 ? 'it' : 'they'} must be.`}
      </b>
      <span>
        {counts.ok} ok, {counts.unknown} cannot be told, {counts.none} do not apply
      </span>
    </p>
  )
}

/** What is to be done first; what is well, or does not apply, in one line each below. */
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
              ...(quiet.length > well ? [`${quiet.length - well} do not apply`] : []),
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
          <span className="tag amber">cannot tell</span>
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
