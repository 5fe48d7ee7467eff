/**
 * The elements of a CloudFormation template, as plain objects. The names of keys are CloudFormation's own
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
  /** Its purpose, as a sentence: `plan` prints it. It is not part of the template. */
  does: string
  Condition?: string
  DependsOn?: string | readonly string[]
  /** Data and its key stay when the stack is deleted. */
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

/** A rule that CloudFormation checks parameters against before it creates anything. */
export interface Rule {
  RuleCondition?: Value
  Assertions: readonly { Assert: Value; AssertDescription: string }[]
}

/** One part of the account: its parameters, its resources, and its outputs for other parts. */
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

/** A statement of the worker's role: `plan` prints `why`, which is not part of the template. */
export interface Statement {
  Sid: string
  why: string
  condition?: string
  Action: readonly string[]
  Resource: Value
  Condition?: Value
}
