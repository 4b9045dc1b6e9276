namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>
/// The rows of the access matrix: everything the server offers. Whoever adds a tool, resource, prompt, completion or endpoint adds its row here;
/// without it the matrix fails.
/// </summary>
internal static class AccessRows
{
    /// <summary>A call of each tool that succeeds for a reader of the sample.</summary>
    public static readonly IReadOnlyDictionary<string, string> Tools = new Dictionary<string, string>
    {
        ["search_products"] = """{"catalog":"sample","facets":["brand","spec.color"],"page_size":50}""",
        ["get_products"] = """{"catalog":"sample","ids":["e-00","e-01","e-02","e-03","e-04","e-06","h-00","h-01","secret-1","poison-1"]}""",
        ["compare_products"] = """{"catalog":"sample","ids":["e-00","e-04","e-06","h-00","h-01","secret-1","poison-1"]}""",
        ["explain_access"] = """{"catalog":"sample","id":"secret-1","groups":["administrators"],"region":"EU"}""",
        ["find_similar_products"] = """{"catalog":"sample","id":"e-02","size":50}""",
        ["list_facets"] = """{"catalog":"sample","values_per_field":100}""",
        ["suggest_queries"] = """{"catalog":"sample","prefix":"o","size":20}""",
        ["whoami"] = "{}",
        ["start_reindex"] = """{"catalog":"sample","dry_run":true}""",
        ["get_reindex"] = """{"catalog":"sample"}""",
        ["cancel_reindex"] = """{"job_id":"job_0"}""",
        ["rollback_index"] = """{"catalog":"sample","confirm":true}""",
    };

    /// <summary>Tools of those who run catalogs. Which right gives which of them is tested with the tools.</summary>
    public static readonly IReadOnlyList<string> Reindexing = ["start_reindex", "get_reindex", "cancel_reindex", "rollback_index"];

    /// <summary>Tools of administrators.</summary>
    public static readonly IReadOnlyList<string> AdministratorTools = ["explain_access"];

    /// <summary>Endpoints by whether they ask for a key or token.</summary>
    public static readonly IReadOnlyDictionary<string, bool> Endpoints = new Dictionary<string, bool>
    {
        ["POST /mcp"] = true,
        ["GET /mcp"] = true,
        ["DELETE /mcp"] = true,
        // What a browser asks before it sends the request with the key.
        ["OPTIONS /mcp"] = false,
        // Which right each asks for is tested with them.
        ["POST /api/v1/reindex"] = true,
        ["GET /api/v1/reindex"] = true,
        ["GET /api/v1/reindex/{id}"] = true,
        ["POST /api/v1/reindex/{id}/cancel"] = true,
        ["GET /api/v1/catalogs/{catalog}/generations"] = true,
        ["POST /api/v1/catalogs/{catalog}/rollback"] = true,
        // Which models each caller may use is tested with them.
        ["POST /v1/chat/completions"] = true,
        ["GET /v1/models"] = true,
        ["GET /.well-known/oauth-protected-resource"] = false,
        ["GET /.well-known/oauth-protected-resource/mcp"] = false,
        ["GET /health"] = false,
        ["GET /"] = false,
        ["HEAD /"] = false,
    };

    /// <summary>Resources, templates, prompts and what can be completed.</summary>
    public static readonly IReadOnlyList<AccessOffer> Offers =
    [
        new("resource catalog://sample", "resources/read", """{"uri":"catalog://sample"}""", """{"uri":"catalog://nosuch"}""", "uri"),
        new("resource catalog://second", "resources/read", """{"uri":"catalog://second"}""", """{"uri":"catalog://nosuch"}""", "uri"),
        new("template product://{catalog}/{id}", "resources/read", """{"uri":"product://sample/e-02"}""", """{"uri":"product://sample/nosuch"}""", "uri"),
        new("prompt find_product", "prompts/get", """{"name":"find_product","arguments":{"need":"music","catalog":"sample"}}""", """{"name":"find_product","arguments":{"need":"music","catalog":"nosuch"}}""", "name"),
        new("prompt compare_products", "prompts/get", """{"name":"compare_products","arguments":{"ids":"e-02,e-05","catalog":"sample"}}""", """{"name":"compare_products","arguments":{"ids":"e-02,e-05","catalog":"nosuch"}}""", "name"),
        new("prompt complement_product", "prompts/get", """{"name":"complement_product","arguments":{"id":"e-02","catalog":"sample"}}""", """{"name":"complement_product","arguments":{"id":"e-02","catalog":"nosuch"}}""", "name"),
        Completion("prompt", "find_product", "need", "un"),
        Completion("prompt", "find_product", "budget", "1"),
        Completion("prompt", "find_product", "must_have", "c"),
        Completion("prompt", "find_product", "category", ""),
        Completion("prompt", "find_product", "brand", ""),
        Completion("prompt", "find_product", "catalog", ""),
        Completion("prompt", "compare_products", "ids", "e-02,secret"),
        Completion("prompt", "compare_products", "need", "zep"),
        Completion("prompt", "compare_products", "catalog", ""),
        Completion("prompt", "complement_product", "id", "secret"),
        Completion("prompt", "complement_product", "budget", "1"),
        Completion("prompt", "complement_product", "catalog", ""),
        Completion("resource", "product://{catalog}/{id}", "catalog", ""),
        Completion("resource", "product://{catalog}/{id}", "id", "e-"),
    ];

    private static AccessOffer Completion(string kind, string of, string argument, string typed)
    {
        var reference = $"\"type\":\"ref/{kind}\",\"{(kind == "prompt" ? "name" : "uri")}\":\"{of}\"";
        string About(string catalog) => $"{{\"ref\":{{{reference}}},\"argument\":{{\"name\":\"{argument}\",\"value\":\"{typed}\"}},\"context\":{{\"arguments\":{{\"catalog\":\"{catalog}\"}}}}}}";
        return new($"completion {of} {argument}", "completion/complete", About("sample"), About("nosuch"), null);
    }
}
