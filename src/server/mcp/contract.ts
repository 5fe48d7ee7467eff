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

/** What an MCP server offers to one caller; a list leaves out what the caller may not use. */
export interface Offer {
  name: string
  version: string
  /** Instructions that a client passes to its model. */
  instructions: string
  tools: Tools
  resources: Resources
  prompts: Prompts
  /** Called with failures of the server. */
  onFailure(requestId: string, thrown: unknown): void
}

export interface Tools {
  list(caller: Caller): Promise<Tool[]>
  /** Undefined if the tool does not exist. An error within a tool is a result with `isError`. */
  call(
    name: string,
    given: Record<string, unknown>,
    caller: Caller,
    /** Called with a line of progress. */
    tell: (line: string) => Promise<void>,
  ): Promise<CallToolResult | undefined>
}

export interface Resources {
  list(caller: Caller): Promise<Resource[]>
  templates(caller: Caller): Promise<ResourceTemplateType[]>
  /** Undefined if the caller may see no resource at this address. */
  read(uri: string, caller: Caller): Promise<ReadResourceResult | undefined>
}

export interface Prompts {
  list(caller: Caller): Promise<Prompt[]>
  /** Undefined if the prompt does not exist. */
  get(name: string, given: Record<string, string>, caller: Caller): Promise<GetPromptResult | undefined>
}
