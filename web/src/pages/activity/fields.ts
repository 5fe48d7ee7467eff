/** Columns that the filter field suggests; it accepts every other column of `cloudtrail` as well. */
export const FIELDS = [
  'actor',
  'actor_kind',
  'eventname',
  'eventsource',
  'errorcode',
  'awsregion',
  'recipientaccountid',
  'readonly',
  'sourceipaddress',
  'useragent',
  'useridentity_arn',
  'useridentity_accesskeyid',
  'useridentity_sessioncontext_sourceidentity',
  'requestparameters',
  'responseelements',
  'errormessage',
  'eventid',
  'requestid',
]

export const NAMES: Record<string, string> = {
  actor: 'Who',
  actor_kind: 'Kind of identity',
  eventsource: 'Service',
  eventname: 'Call',
  errorcode: 'Result',
  readonly: 'Read only',
  awsregion: 'Region',
  recipientaccountid: 'Account',
  sourceipaddress: 'Address',
}
