// Client of @modelcontextprotocol/client, the SDK's second version: either era.
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { drive, finish, plan } from "./drive.mjs";

await finish(async () => {
  const client = new Client({ name: "typescript-client", version: "1" }, { versionNegotiation: { mode: plan.mode } });
  const transport = plan.command
    ? new StdioClientTransport({ command: plan.command[0], args: plan.command.slice(1), env: plan.environment, stderr: "inherit" })
    : new StreamableHTTPClientTransport(new URL(plan.url), { requestInit: { headers: { "X-API-Key": plan.key } } });
  await client.connect(transport);
  await drive(client, (name, args, options) => client.callTool({ name, arguments: args }, options), client.getNegotiatedProtocolVersion());
  await client.close();
});
