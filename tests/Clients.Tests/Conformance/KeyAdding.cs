using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>Adds a key to requests that have none: the suite cannot send a header. Test host only, on loopback.</summary>
internal sealed class KeyAdding(string key) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, following) =>
        {
            http.Request.Headers.TryAdd("X-API-Key", key);
            return following(http);
        });
        next(app);
    };
}
