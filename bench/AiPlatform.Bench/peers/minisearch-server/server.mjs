// MCP servers of the TypeScript SDK, as its documentation writes them, over plain node:http. Environment:
//   MODE      session    SDK 1, one server and transport a session
//             stateless  SDK 1, a server and transport a request, answers as JSON
//             modern     SDK 2, revision 2026-07-28
//   WORKERS   processes that share the port (not with sessions); default 1
//   CATALOG   the products, one JSON object a line
//   KEY       the key that X-API-Key must hold; its holder is an administrator
// Prints "listening PORT" when ready.
import cluster from "node:cluster";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer as McpServer2 } from "@modelcontextprotocol/server";
import { z } from "zod";
import { Catalog } from "./catalog.mjs";

const { MODE: mode, KEY: key, CATALOG: path } = process.env;
const workers = Number(process.env.WORKERS ?? 1);
const group = "administrators";
const info = { name: "minisearch-server", version: "1" };
const tool = { title: "Search products", description: "Finds products in the catalog.", inputSchema: z.object({ query: z.string().max(1000), catalog: z.string().optional() }) };

if (cluster.isPrimary && workers > 1) {
  let ready = 0;
  for (let i = 0; i < workers; i++) cluster.fork();
  cluster.on("listening", (_, address) => ++ready === workers && console.log(`listening ${address.port}`));
} else {
  serve(new Catalog(path));
}

function serve(catalog) {
  const handle = { session: sessions, stateless, modern }[mode](catalog);
  const http = createServer((request, response) => {
    if (request.headers["x-api-key"] !== key) {
      response.writeHead(401).end();
    } else {
      handle(request, response).catch((error) => {
        console.error(error);
        response.writeHead(500).end();
      });
    }
  });
  http.listen(Number(process.env.PORT ?? 0), "127.0.0.1", () => cluster.isPrimary && console.log(`listening ${http.address().port}`));
}

function newServer(catalog) {
  const server = new McpServer(info);
  server.registerTool("search_products", { ...tool, inputSchema: tool.inputSchema.shape }, ({ query }) => catalog.search(query, group));
  return server;
}

function stateless(catalog) {
  return async (request, response) => {
    const server = newServer(catalog);
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined, enableJsonResponse: true });
    response.on("close", () => {
      transport.close();
      server.close();
    });
    await server.connect(transport);
    await transport.handleRequest(request, response);
  };
}

function sessions(catalog) {
  const open = new Map();
  return async (request, response) => {
    const id = request.headers["mcp-session-id"];
    let transport = open.get(id);
    if (id !== undefined && transport === undefined) {
      response.writeHead(404).end();
      return;
    }

    if (transport === undefined) {
      transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        enableJsonResponse: true,
        onsessioninitialized: (session) => open.set(session, transport),
      });
      await newServer(catalog).connect(transport);
    }

    await transport.handleRequest(request, response);
  };
}

function modern(catalog) {
  const handler = createMcpHandler(() => {
    const server = new McpServer2(info);
    server.registerTool("search_products", tool, ({ query }) => catalog.search(query, group));
    return server;
  });
  const node = toNodeHandler(handler);
  return async (request, response) => node(request, response);
}
