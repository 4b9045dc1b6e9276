// What a client of the TypeScript SDKs does with the server: the same steps for both SDKs, over either transport.
// The plan (environment variable PLAN, JSON) says how to connect and what must come back. Exit code 0 only when all of it did.

export const plan = JSON.parse(process.env.PLAN);

function fail(what, wanted, got) {
  throw new Error(`${what}: wanted ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`);
}

function equal(what, wanted, got) {
  if (JSON.stringify(wanted) !== JSON.stringify(got)) fail(what, wanted, got);
}

function contains(what, wanted, got) {
  for (const one of wanted) if (!got.includes(one)) fail(what, one, got);
}

/**
 * @param client the SDK's client, connected
 * @param call (name, arguments, options) => result of tools/call
 * @param revision the negotiated revision
 */
export async function drive(client, call, revision) {
  equal("server name", "aiplatform", client.getServerVersion()?.name);
  equal("revision", plan.revision, revision);

  contains("tools", plan.tools, (await client.listTools()).tools.map((tool) => tool.name));
  contains("resources", plan.resources, (await client.listResources()).resources.map((resource) => resource.uri));
  contains("templates", plan.templates, (await client.listResourceTemplates()).resourceTemplates.map((template) => template.uriTemplate));
  contains("prompts", plan.prompts, (await client.listPrompts()).prompts.map((prompt) => prompt.name));

  const found = await call("search_products", { catalog: "sample", category: plan.category, page_size: 50, sort: "price_asc" });
  equal("search total", plan.ids.length, found.structuredContent.total);
  equal("search ids", plan.ids, found.structuredContent.products.map((product) => product.id).sort());

  const got = await call("get_products", { catalog: "sample", ids: [plan.product.id, plan.hidden] });
  equal("get name", [plan.product.name], got.structuredContent.products.map((product) => product.name));
  equal("get not found", [plan.hidden], got.structuredContent.not_found);

  const read = await client.readResource({ uri: `product://sample/${plan.product.id}` });
  equal("read name", plan.product.name, JSON.parse(read.contents[0].text).name);

  const wrong = await call("search_products", { catalog: "sample", query: "chair", page_size: "ten" });
  equal("wrong argument is an error", true, wrong.isError);

  if (plan.reindex) await reindex(call);
}

async function reindex(call) {
  const steps = [];
  const done = await call("start_reindex", { catalog: "sample", force: true, confirm: true, wait: true }, { onprogress: (step) => steps.push(step.progress) });
  equal("reindex state", "succeeded", done.structuredContent.job.state);
  if (steps.length < 2) fail("progress", "at least two steps", steps);
  if (steps.some((step, i) => i > 0 && step <= steps[i - 1])) fail("progress", "strictly increasing", steps);

  const giveUp = new AbortController();
  let refused;
  try {
    refused = await call("start_reindex", { catalog: plan.slowCatalog, wait: true }, { signal: giveUp.signal, onprogress: () => giveUp.abort("seen enough") });
  } catch {
    refused = undefined;
  }
  if (refused !== undefined) fail("cancelled call", "no answer", refused.structuredContent);
  equal("cancelled job", "cancelled", await endOfLatestJob(call));
}

/** Polls until the latest job of the slow catalog has ended. */
async function endOfLatestJob(call) {
  for (let attempt = 0; ; attempt++) {
    const state = (await call("get_reindex", { catalog: plan.slowCatalog })).structuredContent.jobs[0].state;
    if (!["queued", "running"].includes(state) || attempt === 100) return state;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Runs to the end of the process: says what went wrong, if anything did. */
export async function finish(run) {
  try {
    await run();
    console.log("ok");
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}
