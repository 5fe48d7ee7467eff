import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Output } from '../../api/client.ts'
import { dayTime, ms, number } from '../../time/format.ts'
import { Cost } from '../../ui/cost.tsx'
import { isMachine, shortModel, shortRole } from '../../ui/identity.ts'
import { plain } from '../../ui/plain.ts'
import { Alarm, ShortTable } from '../../ui/short-table.tsx'

type Data = Output<'overview'>

const MAX_ROWS = 8

/** Who, what and which errors are most frequent; each line leads to its rows. */
export function Tops({ data: { actors, models, errors, first_seen }, t }: { data: Data; t: string }) {
  const to = (path: '/activity' | '/usage', condition: string, title: string, shown: ReactNode) => (
    <Link to={path} search={{ t, q: [condition] } as never} title={title}>
      {shown}
    </Link>
  )
  return (
    <div className="tops">
      <ShortTable
        label="Who called AWS"
        rows={actors.slice(0, MAX_ROWS)}
        keyOf={({ actor }) => actor}
        none="Nobody called AWS."
        fields={[
          {
            title: 'Who',
            cell: ({ actor, kind }) =>
              to(
                '/activity',
                `actor:${actor}`,
                actor,
                <>
                  {isMachine(actor, kind) && <span className="machine">⚙ </span>}
                  {plain(shortRole(actor))}
                </>,
              ),
          },
          { title: 'Calls', width: 76, right: true, cell: ({ events }) => number(events) },
          {
            title: 'Refused',
            width: 76,
            right: true,
            cell: ({ errors }) => (
              <Alarm count={errors} look="red">
                {number(errors)}
              </Alarm>
            ),
          },
        ]}
      />
      <ShortTable
        label="Models"
        rows={models.slice(0, MAX_ROWS)}
        keyOf={({ model }) => model ?? ''}
        none="No model was called."
        fields={[
          {
            title: 'Model',
            cell: ({ model }) =>
              model === null ? (
                <span className="faint" title="Calls of SageMaker endpoints, whose logs name no model">
                  model not logged
                </span>
              ) : (
                to('/usage', `model:${model}`, model, plain(shortModel(model)))
              ),
          },
          { title: 'Calls', width: 76, right: true, cell: ({ invocations }) => number(invocations) },
          {
            title: 'Cost',
            width: 96,
            right: true,
            cell: ({ cost_usd, unpriced }) => <Cost usd={cost_usd} unpriced={unpriced} />,
          },
        ]}
      />
      <ShortTable
        label="Errors"
        rows={errors.slice(0, MAX_ROWS)}
        keyOf={({ errorcode }) => errorcode}
        none="No call was refused, and none failed."
        fields={[
          {
            title: 'Refused or failed',
            cell: ({ errorcode }) => to('/activity', `errorcode:${errorcode}`, errorcode, plain(errorcode)),
          },
          { title: 'Calls', width: 76, right: true, cell: ({ events }) => number(events) },
          {
            title: 'By',
            width: 76,
            right: true,
            cell: ({ actors }) => <span className="faint">{number(actors)}</span>,
          },
        ]}
      />
      {first_seen.length > 0 && (
        <ShortTable
          label="New in this span"
          className="wide"
          rows={first_seen.slice(0, MAX_ROWS)}
          keyOf={({ kind, who, what }) => `${kind}${who}${what}`}
          fields={[
            {
              title: 'New in this span',
              cell: ({ who }) => to('/activity', `actor~${who}`, who, plain(shortRole(who))),
            },
            {
              title: 'What',
              cell: ({ kind, what }) => (
                <span title={what}>{kind === 'actor' ? 'called AWS for the first time' : plain(what)}</span>
              ),
            },
            {
              title: 'First seen',
              width: 160,
              right: true,
              cell: ({ time }) => <span className="faint">{dayTime(ms(time) as number)}</span>,
            },
          ]}
        />
      )}
    </div>
  )
}
