"""Client of the Python SDK. The plan (environment variable PLAN, JSON) says how to connect and what must come back."""

import json
import os
import sys

import anyio
import httpx2
from mcp import MCPError
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

PLAN = json.loads(os.environ["PLAN"])


def equal(what, wanted, got):
    if wanted != got:
        raise AssertionError(f"{what}: wanted {wanted!r}, got {got!r}")


def contains(what, wanted, got):
    for one in wanted:
        if one not in got:
            raise AssertionError(f"{what}: wanted {one!r}, got {got!r}")


async def drive(client):
    # A pinned revision is adopted without asking, so that the server has not named itself.
    if PLAN["mode"] in ("auto", "legacy"):
        equal("server name", "aiplatform", client.server_info.name)
    equal("revision", PLAN["revision"], client.protocol_version)

    contains("tools", PLAN["tools"], [tool.name for tool in (await client.list_tools()).tools])
    contains("resources", PLAN["resources"], [str(resource.uri) for resource in (await client.list_resources()).resources])
    contains("templates", PLAN["templates"], [t.uri_template for t in (await client.list_resource_templates()).resource_templates])
    contains("prompts", PLAN["prompts"], [prompt.name for prompt in (await client.list_prompts()).prompts])

    found = await client.call_tool("search_products", {"catalog": "sample", "category": PLAN["category"], "page_size": 50, "sort": "price_asc"})
    equal("search total", len(PLAN["ids"]), found.structured_content["total"])
    equal("search ids", PLAN["ids"], sorted(product["id"] for product in found.structured_content["products"]))

    got = await client.call_tool("get_products", {"catalog": "sample", "ids": [PLAN["product"]["id"], PLAN["hidden"]]})
    equal("get name", [PLAN["product"]["name"]], [product["name"] for product in got.structured_content["products"]])
    equal("get not found", [PLAN["hidden"]], got.structured_content["not_found"])

    read = await client.read_resource(f"product://sample/{PLAN['product']['id']}")
    equal("read name", PLAN["product"]["name"], json.loads(read.contents[0].text)["name"])

    wrong = await client.call_tool("search_products", {"catalog": "sample", "query": "chair", "page_size": "ten"})
    equal("wrong argument is an error", True, wrong.is_error)

    if PLAN["reindex"]:
        await reindex(client)


async def reindex(client):
    steps = []

    async def note(progress, total, message):
        steps.append(progress)

    done = await client.call_tool("start_reindex", {"catalog": "sample", "force": True, "confirm": True, "wait": True}, progress_callback=note)
    equal("reindex state", "succeeded", done.structured_content["job"]["state"])
    if len(steps) < 2 or any(a >= b for a, b in zip(steps, steps[1:])):
        raise AssertionError(f"progress: wanted at least two strictly increasing steps, got {steps!r}")

    with anyio.CancelScope() as scope:

        async def give_up(progress, total, message):
            scope.cancel()

        answer = await client.call_tool("start_reindex", {"catalog": PLAN["slowCatalog"], "wait": True}, progress_callback=give_up)
        raise AssertionError(f"cancelled call: wanted no answer, got {answer!r}")
    equal("cancelled job", "cancelled", await end_of_latest_job(client))


async def end_of_latest_job(client):
    """Polls until the latest job of the slow catalog has ended."""
    for _ in range(100):
        latest = await client.call_tool("get_reindex", {"catalog": PLAN["slowCatalog"]})
        state = latest.structured_content["jobs"][0]["state"]
        if state not in ("queued", "running"):
            return state
        await anyio.sleep(0.1)
    return state


async def main():
    if PLAN.get("command"):
        command, *arguments = PLAN["command"]
        async with Client(StdioServerParameters(command=command, args=arguments, env=PLAN["environment"]), mode=PLAN["mode"]) as client:
            await drive(client)
    else:
        async with httpx2.AsyncClient(headers={"X-API-Key": PLAN["key"]}, timeout=60) as http:
            async with Client(streamable_http_client(PLAN["url"], http_client=http), mode=PLAN["mode"]) as client:
                await drive(client)
    print("ok")


try:
    anyio.run(main)
except (AssertionError, MCPError, ExceptionGroup) as failure:
    import traceback

    traceback.print_exception(failure)
    sys.exit(1)
