/** The settings of a bucket in the SDK's own types, for code that may not import the SDK. */
export type { NotificationConfiguration } from '@aws-sdk/client-s3'
