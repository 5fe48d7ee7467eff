import type { Answer, Delivery } from '../contract.ts'
import { answered, type Http, type HttpAnswer, isAboutBatch, isBusy } from '../http.ts'

/** Posts one message after the other, as services for people expect them. */
export async function postEach(
  http: Http,
  batch: readonly Delivery[],
  signal: AbortSignal,
  bodyOf: (one: Delivery) => object,
  isTaken: (answer: HttpAnswer) => boolean = ({ status }) => status >= 200 && status < 300,
): Promise<Answer> {
  for (const [at, delivery] of batch.entries()) {
    const rest = batch.slice(at)
    const answer = await http
      .post('', JSON.stringify(bodyOf(delivery)), JSON_TYPE, signal)
      .catch((thrown) => {
        if (at === 0 || signal.aborted) throw thrown
        return undefined
      })
    if (answer === undefined) return { refused: [], later: { deliveries: rest, why: 'the connection broke' } }
    if (isTaken(answer)) continue
    const why = answered(answer).message
    if (isBusy(answer.status))
      return { refused: [], later: { deliveries: rest, why, afterMs: answer.afterMs } }
    if (!isAboutBatch(answer.status)) {
      if (at === 0) throw new Error(why)
      return { refused: [], later: { deliveries: rest, why } }
    }
    const refused = [{ delivery, code: String(answer.status), answer: answer.text }]
    const others = rest.slice(1)
    if (others.length === 0) return { refused }
    return { refused, later: { deliveries: others, why, afterMs: 0 } }
  }
  return { refused: [] }
}

const JSON_TYPE = { 'content-type': 'application/json' }
