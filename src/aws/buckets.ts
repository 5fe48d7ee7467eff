/** What a bucket is set up with, in the SDK's own shapes, for those who may not import it. */
export type { LifecycleRule, NotificationConfiguration } from '@aws-sdk/client-s3'
