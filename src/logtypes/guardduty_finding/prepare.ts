import type { Delivery } from '../../envelopes/contract.ts'
import { members, textOf as textAt } from '../../json/bytes.ts'
import type { FieldKind, Shape } from '../../json/shape.ts'
import { leftover } from '../../json/strict.ts'
import { parseTimestamp } from '../../json/time.ts'
import {
  countOf,
  isObject,
  type JsonObject,
  jsonOf,
  listOf,
  numberOf,
  objectOf,
  textOf,
  type Value,
} from '../../json/values.ts'
import type { Column, Prepared, Row } from '../contract.ts'
import { rowMaker } from '../row.ts'
import { columns } from './columns.ts'
import { inCamelCase } from './spelling.ts'

const rowOf = rowMaker(columns)

/** A finding, as EventBridge or the export delivers it, or as GetFindings returns it. */
export function prepare({ bytes, record = {}, context }: Delivery): Prepared {
  if ('type' in record) return findingOf(bytes, record, context.eventbridge?.id)
  const finding = inCamelCase(bytes)
  return findingOf(
    finding,
    JSON.parse(Buffer.from(finding).toString()) as JsonObject,
    context.eventbridge?.id,
  )
}

function findingOf(bytes: Uint8Array, finding: JsonObject, eventbridgeId: string | undefined): Prepared {
  const id = textOf(finding.id)
  const updatedat = parseTimestamp(finding.updatedAt)
  if (!id) return { kind: 'rejected', reason: 'the field id is missing' }
  if (updatedat === undefined) return { kind: 'rejected', reason: 'the field updatedAt is no time' }
  const createdat = parseTimestamp(finding.createdAt)
  const rest = leftover(bytes, finding, createdat === undefined ? WITHOUT_CREATION : FIELDS)
  if (rest.kind === 'refused') return { kind: 'rejected', reason: rest.reason }
  const { resource, service } = finding
  const parts = members(bytes, 0) ?? []
  const asDelivered = (field: string) => {
    const found = parts.find(({ key }) => key === field)
    return found && textAt(bytes, found.start, found.end)
  }
  const row = rowOf(
    {
      updatedat,
      id,
      createdat,
      severity: numberOf(finding.severity),
      severitylabel: labelOf(numberOf(finding.severity)),
      confidence: numberOf(finding.confidence),
      resource: asDelivered('resource'),
      service: asDelivered('service'),
      eventbridge_id: eventbridgeId,
      unmapped: rest.unmapped,
    },
    textsOf(finding),
    resourceOf(objectOf(resource)),
    serviceOf(objectOf(service)),
  )
  return { kind: 'row', row }
}

const KINDS: Partial<Record<Column['type'], FieldKind>> = {
  json: 'json',
  double: 'number',
  timestamptz: 'timestamp',
}

/** The finding's own fields: those with a column of the first level. */
const FIELDS: Shape = Object.fromEntries(
  columns.flatMap(({ path, type }) => {
    if (path === undefined || path.includes('.')) return []
    return [[path, KINDS[type] ?? 'string'] as const]
  }),
)

const { createdAt: _, ...WITHOUT_CREATION } = FIELDS

const TEXTS = Object.entries(FIELDS).flatMap(([path, kind]) =>
  kind === 'string' && path !== 'id' ? [path] : [],
)

function textsOf(finding: JsonObject): Row {
  return Object.fromEntries(TEXTS.map((field) => [field.toLowerCase(), textOf(finding[field])]))
}

/** https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings-severity.html */
function labelOf(severity: number | undefined): string | undefined {
  if (severity === undefined) return undefined
  if (severity < 4) return 'Low'
  if (severity < 7) return 'Medium'
  return severity < 9 ? 'High' : 'Critical'
}

function resourceOf(resource: JsonObject): Row {
  const key = objectOf(resource.accessKeyDetails)
  const models = listOf(resource.modelDetails).flatMap((model) => textOf(objectOf(model).modelId) ?? [])
  return {
    resource_resourcetype: textOf(resource.resourceType),
    resource_accesskeydetails_accesskeyid: textOf(key.accessKeyId),
    resource_accesskeydetails_principalid: textOf(key.principalId),
    resource_accesskeydetails_username: textOf(key.userName),
    resource_accesskeydetails_usertype: textOf(key.userType),
    resource_instancedetails_instanceid: textOf(objectOf(resource.instanceDetails).instanceId),
    modelids: models.length > 0 ? jsonOf(models) : undefined,
    resource_bedrockguardraildetails: jsonOf(resource.bedrockGuardrailDetails),
  }
}

function serviceOf(service: JsonObject): Row {
  const action = objectOf(service.action)
  const call = objectOf(action.awsApiCallAction)
  return {
    service_count: countOf(service.count),
    service_eventfirstseen: parseTimestamp(service.eventFirstSeen),
    service_eventlastseen: parseTimestamp(service.eventLastSeen),
    service_archived: typeof service.archived === 'boolean' ? service.archived : undefined,
    service_resourcerole: textOf(service.resourceRole),
    service_featurename: textOf(service.featureName),
    service_userfeedback: textOf(service.userFeedback),
    service_detectorid: textOf(service.detectorId),
    service_action_actiontype: textOf(action.actionType),
    service_action_awsapicallaction_api: textOf(call.api),
    service_action_awsapicallaction_servicename: textOf(call.serviceName),
    service_action_awsapicallaction_callertype: textOf(call.callerType),
    service_action_awsapicallaction_errorcode: textOf(call.errorCode),
    service_action_awsapicallaction_useragent: textOf(call.userAgent),
    ...remoteOf(action),
    additionalinfo: additionalInfo(service.additionalInfo),
  }
}

/** The remote party, which all actions describe alike; of several, the first. */
function remoteOf(action: JsonObject): Row {
  const details = Object.values(action).flatMap((one) => [
    objectOf(one).remoteIpDetails,
    ...listOf(objectOf(one).portProbeDetails).map((probe) => objectOf(probe).remoteIpDetails),
  ])
  const remote = objectOf(details.find(isObject))
  const organization = objectOf(remote.organization)
  const asn = organization.asn
  return {
    remoteip: textOf(remote.ipAddressV4) || textOf(remote.ipAddressV6),
    remotecountry: textOf(objectOf(remote.country).countryName),
    remotecity: textOf(objectOf(remote.city).cityName),
    remoteasn: typeof asn === 'number' ? String(asn) : textOf(asn),
    remoteorg: textOf(organization.org) ?? textOf(organization.asnOrg),
  }
}

/** The JSON in a text, which may have fields of its own next to it. */
function additionalInfo(info: Value): string | undefined {
  const { value, type, ...own } = objectOf(info)
  const told = { ...parsedObject(value), ...own }
  return Object.keys(told).length > 0 ? jsonOf(told) : undefined
}

function parsedObject(text: Value): JsonObject {
  if (typeof text !== 'string') return isObject(text) ? text : {}
  try {
    return objectOf(JSON.parse(text) as Value)
  } catch {
    return { value: text }
  }
}
