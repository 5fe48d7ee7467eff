import { type Output, useAsk } from '../../api/client.ts'
import { plain } from '../../ui/plain.ts'
import { Part } from '../../ui/states.tsx'
import { Checklist, type Looked } from './checklist.tsx'
import { Form } from './form.tsx'
import { History } from './history.tsx'
import { Outcome } from './outcome.tsx'
import { FurtherSteps } from './steps.tsx'
import './decision.css'

type Review = Output<'review'>

/**
 * A review: confirm or deny with a reason. Neither is preselected, and a single key never records a decision.
 */
export function Decision({ id, looked }: { id: string; looked: Looked }) {
  const review = useAsk('review', { id })
  return (
    <section className="pane decision" aria-label="Your decision">
      <header>
        <h2>{review.data?.may.includes('decide') ? 'Your decision' : 'Review'}</h2>
      </header>
      <div className="scroll">
        <Part of={review}>{(data) => <Parts review={data} looked={looked} />}</Part>
      </div>
    </section>
  )
}

function Parts({ review, looked }: { review: Review; looked: Looked }) {
  const decides = review.may.includes('decide')
  return (
    <>
      <div className="content">
        <Checklist looked={looked} review={review} />
        {review.complete.note && <p className="notice amber">{review.complete.note}</p>}
        {review.question && <p className="notice">Asked: “{plain(review.question)}”</p>}
        {decides ? <Form review={review} /> : <Outcome review={review} />}
        <FurtherSteps review={review} />
      </div>
      <History steps={review.steps} notices={review.told} />
    </>
  )
}
