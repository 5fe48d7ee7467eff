/**
 * What a CloudFormation template is made of, as plain objects. The names of keys are CloudFormation's own
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html).
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | readonly Value[]
  | { readonly [key: string]: Value | undefined }

export interface Parameter {
  Type: 'String' | 'Number' | 'CommaDelimitedList'
  Default: string | number
  Description: string
  AllowedValues?: readonly string[]
  AllowedPattern?: string
  ConstraintDescription?: string
  MinValue?: number
  MaxValue?: number
  NoEcho?: boolean
}

export interface Resource {
  Type: string
  /** What it is for, in a sentence: `plan` prints it. It is not part of the template. */
  does: string
  Condition?: string
  DependsOn?: string | readonly string[]
  /** Data and the key to it stay when the stack goes. */
  DeletionPolicy?: 'Retain' | 'Delete'
  UpdateReplacePolicy?: 'Retain' | 'Delete'
  Metadata?: Value
  Properties?: { readonly [key: string]: Value | undefined }
}

export interface Output {
  Description: string
  Condition?: string
  Value: Value
}

/** A rule that CloudFormation holds parameters against before it makes anything. */
export interface Rule {
  RuleCondition?: Value
  Assertions: readonly { Assert: Value; AssertDescription: string }[]
}

/** One thing of the account, whole: what can be chosen of it, what is made for it, and what others need to know of it. */
export interface Part {
  name: string
  title: string
  parameters?: Readonly<Record<string, Parameter>>
  rules?: Readonly<Record<string, Rule>>
  conditions?: Readonly<Record<string, Value>>
  resources: Readonly<Record<string, Resource>>
  outputs?: Readonly<Record<string, Output>>
}

export interface Template {
  AWSTemplateFormatVersion: '2010-09-09'
  Description: string
  Metadata: Value
  Parameters: Readonly<Record<string, Parameter>>
  Rules: Readonly<Record<string, Rule>>
  Conditions: Readonly<Record<string, Value>>
  Resources: Readonly<Record<string, Omit<Resource, 'does'>>>
  Outputs: Readonly<Record<string, Output>>
}

/** A statement of the worker's role: `why` is what `plan` prints, and is not part of the template. */
export interface Statement {
  Sid: string
  why: string
  condition?: string
  Action: readonly string[]
  Resource: Value
  Condition?: Value
}
