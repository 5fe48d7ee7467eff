import { type Output, useAsk } from '../api/client.ts'
import { useAddress } from '../search.ts'
import { Header } from '../shell/header.tsx'
import { may, useMe } from '../shell/me.ts'
import { number } from '../time/format.ts'
import { ALWAYS } from '../time/range.ts'
import { Button, Segments } from '../ui/button.tsx'
import { later } from '../ui/later.tsx'
import { Empty } from '../ui/states.tsx'
import { COLUMNS, List, Order, REVIEW } from './sessions/list.tsx'

const StandIns = later(async () => (await import('./sessions/stand-ins.tsx')).StandIns)

type State = 'all' | 'mine' | 'open' | 'overdue' | 'decided' | 'unassigned' | 'left-out'

export function Reviews() {
  const { one, change } = useAddress()
  const me = useMe()
  const state = (one('state') ?? 'mine') as State
  const order = (one('order') ?? 'due') as 'due' | 'risk' | 'newest'
  const input = { ...ALWAYS, state, order, limit: 100 } as const
  const states = useAsk('sessions', { ...ALWAYS, state: 'mine', limit: 1 }).data?.states
  const tab = (name: State, title: string, count: number | undefined) =>
    [name, count === undefined ? title : `${title} ${number(count)}`] as const
  return (
    <>
      <Header title="Reviews">
        {may(me, 'delegations') && <StandIns />}
        {may(me, 'period-report') && (
          <a className="btn" href="/period">
            Period report
          </a>
        )}
      </Header>
      <div className="page column">
        <div className="bar">
          <Segments<State>
            label="Which reviews"
            choices={[
              tab('mine', 'Mine', states?.mine),
              tab('open', 'Open', states?.open),
              tab('overdue', 'Overdue', states?.overdue),
              tab('unassigned', 'No manager', states?.unassigned),
              tab('decided', 'Decided', states?.decided),
              tab('left-out', 'Left out', states?.left_out),
            ]}
            chosen={state}
            onChoose={(next) => change({ state: next === 'mine' ? undefined : next })}
          />
          <span className="spring" />
          <Order order={order} byDefault="due" />
        </div>
        <List
          input={input}
          columns={[REVIEW, ...COLUMNS]}
          word="review"
          empty={<NoReviews state={state} states={states} />}
        />
      </div>
    </>
  )
}

function NoReviews({ state, states }: { state: State; states: Output<'sessions'>['states'] | undefined }) {
  const { change } = useAddress()
  if (state === 'mine')
    return (
      <Empty
        title="No review waits for you"
        action={
          states && states.open > 0 ? (
            <Button onClick={() => change({ state: 'open' })}>
              Show the {number(states.open)} that are open
            </Button>
          ) : undefined
        }
      >
        Sessions of your people appear here once they are logged.
      </Empty>
    )
  if (state === 'overdue') return <Empty title="No overdue reviews">Every open review has time left.</Empty>
  return <Empty title="No reviews">No review is in this state.</Empty>
}
