import type {
  CallToolResult,
  GetPromptResult,
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  Tool,
} from '@modelcontextprotocol/server'
import type { Caller } from '../../api/call.ts'

/** What an MCP server offers, each for one caller: what they may not use is not listed. */
export interface Offer {
  name: string
  version: string
  /** What every client tells its model of this server. */
  instructions: string
  tools: Tools
  resources: Resources
  prompts: Prompts
  /** Told of failures that are ours. */
  onFailure(requestId: string, thrown: unknown): void
}

export interface Tools {
  list(caller: Caller): Promise<Tool[]>
  /** Undefined when there is no such tool. What goes wrong within a tool is a result with `isError`. */
  call(
    name: string,
    given: Record<string, unknown>,
    caller: Caller,
    /** Told what is being done, in a line. */
    tell: (line: string) => Promise<void>,
  ): Promise<CallToolResult | undefined>
}

export interface Resources {
  list(caller: Caller): Promise<Resource[]>
  templates(caller: Caller): Promise<ResourceTemplateType[]>
  /** Undefined when there is nothing at this address that the caller may see. */
  read(uri: string, caller: Caller): Promise<ReadResourceResult | undefined>
}

export interface Prompts {
  list(caller: Caller): Promise<Prompt[]>
  /** Undefined when there is no such prompt. */
  get(name: string, given: Record<string, string>, caller: Caller): Promise<GetPromptResult | undefined>
}
