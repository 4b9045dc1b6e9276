"""The end-to-end check of topology.sh: a catalog comes in from S3, each group sees its own rows, and a job outlives its worker. Everything comes from the environment."""
import json
import os
import signal
import time
import urllib.error
import urllib.request

import boto3

SERVER = os.environ["SERVER_URL"]
KEYS = {group: os.environ["KEY_" + group.upper()] for group in ("red", "blue", "keepers")}
WORKERS = {"one": int(os.environ["WORKER_ONE"]), "two": int(os.environ["WORKER_TWO"])}
META = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientInfo": {"name": "topology", "version": "1"},
    "io.modelcontextprotocol/clientCapabilities": {},
}


def call(group, tool, **arguments):
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments, "_meta": META}}
    request = urllib.request.Request(SERVER + "/mcp", json.dumps(body).encode(), {
        "Content-Type": "application/json", "Accept": "application/json, text/event-stream", "X-API-Key": KEYS[group],
        "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool})
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            text = answer.read().decode()
    except urllib.error.HTTPError as refused:
        raise SystemExit(f"{tool} as {group}: {refused.code} {refused.read().decode()}")
    if "data: " in text:
        text = text[text.rindex("data: ") + 6:].split("\n")[0]
    message = json.loads(text)
    if "result" not in message:
        raise SystemExit(f"{tool} as {group}: {text}")
    return message["result"]["structuredContent"]


def check(condition, what):
    if not condition:
        raise SystemExit(f"topology: failed: {what}")
    print(f"topology: {what}")


def until(what, look, seconds=300):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise SystemExit(f"topology: failed: waited {seconds} s for {what}")


def job(job_id):
    return call("keepers", "get_reindex", job_id=job_id)["jobs"][0]


def upload(catalog, count):
    rows = [json.dumps({"id": f"{catalog}-{i}", "name": f"Garden lamp {i} of series {i % 97}", "text": f"A lamp of {i % 13} watts for garden {i % 41}",
                        "groups": [("red", "blue")[i % 2]]}) for i in range(count)]
    s3 = boto3.client("s3", endpoint_url=os.environ["S3__ServiceUrl"], region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="testtest")
    if "catalogs" not in [b["Name"] for b in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket="catalogs")
    half = count // 2
    for part, lines in enumerate((rows[:half], rows[half:])):
        s3.put_object(Bucket="catalogs", Key=f"{catalog}/part-{part}.jsonl", Body="\n".join(lines).encode() + b"\n")


def sees(group, catalog, count):
    other = {"red": "blue", "blue": "red"}[group]
    found = call(group, "search_products", catalog=catalog, query="garden lamp", page_size=50)
    check(found["total"] == count // 2, f"{group} sees {count // 2} products of {catalog}")
    parity = 0 if group == "red" else 1
    check(all(int(p["id"].rsplit("-", 1)[1]) % 2 == parity for p in found["products"]), f"none of them is {other}'s")


upload("small", 200)
started = call("keepers", "start_reindex", catalog="small")["job"]
ended = until("the first job", lambda: (lambda j: j if j["state"] not in ("queued", "running") else None)(job(started["id"])))
check(ended["state"] == "succeeded" and ended["products"]["added"] == 200, f"a catalog came in from S3: {ended['state']} {ended.get('error', '')}")
for group in ("red", "blue"):
    sees(group, "small", 200)

upload("large", 6000)
started = call("keepers", "start_reindex", catalog="large")["job"]
running = until("progress of the second job", lambda: (lambda j: j if j["state"] == "running" and j.get("stage") in ("preparing_model", "indexing") else None)(job(started["id"])))
logs = {name: f"worker-{name}.log" for name in WORKERS}
work = os.path.dirname(os.environ["Policy__Path"])
owner = next(name for name in WORKERS if started["id"] in open(os.path.join(work, logs[name])).read())
os.kill(WORKERS[owner], signal.SIGKILL)
killed = time.monotonic()
print(f"topology: killed worker {owner} at {running['percent']}% ({running['activity']})")
until("another worker to take over", lambda: job(started["id"])["attempts"] >= 2)
print(f"topology: taken over after {time.monotonic() - killed:.1f} s")
for group in ("red", "blue"):
    sees(group, "small", 200)
ended = until("the end of the second job", lambda: (lambda j: j if j["state"] not in ("queued", "running") else None)(job(started["id"])), seconds=600)
check(ended["state"] == "succeeded" and ended["attempts"] == 2 and ended["products"]["accepted"] == 6000, f"the job outlived its worker: {ended['state']} {ended.get('error', '')}")
for group in ("red", "blue"):
    sees(group, "large", 6000)
generations = call("keepers", "get_reindex", catalog="large")["generations"]
check([g["products"] for g in generations] == [6000], "there is one generation, and it holds every product once")
