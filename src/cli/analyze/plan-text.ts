import { dollarText } from '../../analyze/cost.ts'
import { ownEvents } from '../../analyze/digest/digest.ts'
import type { Prepared } from '../../analyze/run/begin.ts'
import type { Deps } from '../../analyze/run/deps.ts'
import { grouped } from '../../lib/terminal.ts'
import { counted } from '../show/layout.ts'

/** Lines on what an analysis would do and cost. */
export function planText(
  { plan, begun }: Prepared,
  { model, batch }: Pick<Deps, 'model' | 'batch'>,
): string[] {
  const { selection, own } = begun
  const { events, groups, items, map, reduce, price, limits } = plan
  const name =
    [...new Set([batch?.model, model?.name.replace(/^[\w-]+\//, '')].filter(Boolean))].join(', ') ||
    'no model is set up'
  const each = events === 0 ? '0' : (map.input / events).toFixed(1)
  const money = (amount: number | undefined) =>
    amount === undefined ? 'the price is not known' : `at most ${dollarText(amount)}`
  return [
    `${counted(events, 'event')} of ${selection.since} to ${selection.until} are ${counted(groups, 'group')} of like calls; ${counted(ownEvents(own), 'event')} of loglake's own left out.`,
    `${counted(items, 'call')} of the model (${name}): at most ${grouped(map.input)} tokens read (${each} an event) and ${grouped(map.output)} written, then about ${grouped(reduce.input)} to put findings together.`,
    ...(limits ? [`In batches: ${money(plan.batch)}.`] : []),
    `On demand: ${money(plan.onDemand)}.`,
    ...(plan.likely === undefined ? [] : [`As earlier analyses went: about ${dollarText(plan.likely)}.`]),
    ...(price ? [`Prices: ${price.source}.`] : []),
    `Chosen: ${plan.how.kind}, since ${plan.how.why}.`,
  ]
}
