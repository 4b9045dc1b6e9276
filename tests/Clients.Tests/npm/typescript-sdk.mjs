// Client of @modelcontextprotocol/sdk: the revisions with a handshake.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { drive, finish, plan } from "./drive.mjs";

await finish(async () => {
  const client = new Client({ name: "typescript-sdk", version: "1" });
  const transport = plan.command
    ? new StdioClientTransport({ command: plan.command[0], args: plan.command.slice(1), env: plan.environment, stderr: "inherit" })
    : new StreamableHTTPClientTransport(new URL(plan.url), { requestInit: { headers: { "X-API-Key": plan.key } } });
  let revision;
  const setVersion = transport.setProtocolVersion?.bind(transport);
  transport.setProtocolVersion = (version) => {
    revision = version;
    setVersion?.(version);
  };
  await client.connect(transport);
  await client.ping();
  await drive(client, (name, args, options) => client.callTool({ name, arguments: args }, undefined, options), revision);
  await client.close();
});
