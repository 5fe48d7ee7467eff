# The same template under Terraform or OpenTofu: the stack creates every part, so that they are defined in one
# file only. Changes that the stack should not own (existing buckets, Bedrock logging, preferences of
# sessions, running endpoints) stay with `loglake aws apply`.
terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

variable "name" {
  description = "The stack, and what everything is called after."
  type        = string
  default     = "loglake"
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "Small letters, digits and - are wanted, from 2 to 20."
  }
}

variable "parameters" {
  description = "Parameters of infra/loglake.yaml; the others have their defaults."
  type        = map(string)
  default     = {}
}

variable "tags" {
  description = "Tags of everything that the stack makes."
  type        = map(string)
  default     = {}
}

resource "aws_cloudformation_stack" "loglake" {
  name = var.name
  # As JSON, because CloudFormation's limit is 51,200 bytes. YAML reads the version as a date.
  template_body = jsonencode(merge(yamldecode(file("${path.module}/../loglake.yaml")), { AWSTemplateFormatVersion = "2010-09-09" }))
  capabilities  = ["CAPABILITY_NAMED_IAM"]
  parameters    = merge(var.parameters, { Name = var.name })
  tags          = merge(var.tags, { loglake = var.name })
}

output "outputs" {
  description = "Lake, Queue, WorkerRole and the other outputs of the stack."
  value       = aws_cloudformation_stack.loglake.outputs
}
