# Two images from one build: --target server (the MCP server, port 8080) and --target worker (the worker on its own).
ARG SDK=10.0.401
ARG RUNTIME=10.0.12

FROM mcr.microsoft.com/dotnet/sdk:${SDK} AS build
WORKDIR /source
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src ./src
COPY samples ./samples
COPY opensearch ./opensearch
RUN dotnet publish src/McpServer -c Release -o /out/server \
 && dotnet publish src/Indexer -c Release -o /out/worker

FROM mcr.microsoft.com/dotnet/aspnet:${RUNTIME} AS runtime
# The system's SQLite, and curl for the health check.
RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-0 curl && rm -rf /var/lib/apt/lists/*
# What the processes write: dead letters, spool, and SQLite where that is used.
RUN mkdir /data && chown $APP_UID /data && chmod 700 /data
ENV AIPLATFORM_DATA=/data ASPNETCORE_ENVIRONMENT=Production
WORKDIR /app
VOLUME /data
USER $APP_UID

FROM runtime AS worker
COPY --from=build /out/worker ./
HEALTHCHECK --interval=30s --timeout=20s --start-period=60s CMD ["dotnet", "AiPlatform.Indexer.dll", "jobs", "list", "--count", "1"]
ENTRYPOINT ["dotnet", "AiPlatform.Indexer.dll"]
CMD ["worker"]

FROM runtime AS server
COPY --from=build /out/server ./
ENV ASPNETCORE_URLS=http://0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["curl", "-fsS", "http://127.0.0.1:8080/health"]
ENTRYPOINT ["dotnet", "AiPlatform.McpServer.dll"]
