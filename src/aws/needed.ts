/**
 * An action of AWS that settings lead to, as policies name it. The doctor checks whether it is allowed; a
 * kind of source or destination only names it.
 */
export interface NeededAction {
  /** As in `sns:Publish`. */
  action: string
  /**
   * `*`, an ARN, a queue's URL, or `service:what` where partition, Region and account are those of who asks,
   * as in `logs:log-group:/loglake/findings`.
   */
  resource: string
}
