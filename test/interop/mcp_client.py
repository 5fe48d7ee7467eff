"""Asks the MCP server of a lake with Python's SDK; prints what it saw as JSON."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main() -> None:
    node, program, lake = sys.argv[1:]
    started = StdioServerParameters(command=node, args=[program, "mcp", "--lake", lake])
    async with stdio_client(started) as (read, write), ClientSession(read, write) as session:
        hello = await session.initialize()
        tools = await session.list_tools()
        prompts = await session.list_prompts()
        sql = "select eventid, requestparameters from cloudtrail order by 1"
        answer = await session.call_tool("query", {"sql": sql, "limit": 500})
        page = answer.model_dump(by_alias=True)["structuredContent"]
        ids = [row[0] for row in page["rows"]]
        while "next" in page["page"]:
            found = await session.call_tool("next-page", {"uri": page["page"]["next"]})
            page = found.model_dump(by_alias=True)["structuredContent"]
            ids += [row[0] for row in page["rows"]]
        refused = await session.call_tool("query", {"sql": "drop table cloudtrail"})
        told = {
            "server": hello.model_dump(by_alias=True)["serverInfo"]["name"],
            "tools": len(tools.tools),
            "prompts": len(prompts.prompts),
            "rows": len(ids),
            "distinct": len(set(ids)),
            "refused": refused.model_dump(by_alias=True)["isError"],
        }
    print(json.dumps(told))


asyncio.run(main())
