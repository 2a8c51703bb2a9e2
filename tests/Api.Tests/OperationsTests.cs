using Gongji.Api.Hosting;
using Gongji.Api.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Gongji.Api.Tests;

public sealed class OperationsTests(RunningApp app) : IClassFixture<RunningApp>
{
    [Fact]
    public async Task Audit_checks_every_invariant_and_finds_none_violated()
    {
        string payer = await app.NewPersonAsync(creditFen: 500);
        await app.TransferAsync(payer, await app.NewPersonAsync(RunningApp.Zhengzhou, autoAccept: true), 300);

        Answer answer = await app.Http.GetAsync("/v1/audit");

        Assert.Equal(200, answer.Status);
        Assert.Equal(9, answer.Json["invariants"]!.AsArray().Count);
        Assert.Equal(1, (int)answer.Json["heads"]!["chains"]!);
        Assert.Matches("^[0-9a-f]{64}$", (string)answer.Json["heads"]!["digest"]!);
        Assert.All(answer.Json["invariants"]!.AsArray(), invariant =>
        {
            Assert.Matches("^[a-z-]+$", (string)invariant!["name"]!);
            Assert.True((long)invariant["checked"]! > 0, answer.Text);
            Assert.Equal(0, (long)invariant["violations"]!);
            Assert.Empty(invariant["examples"]!.AsArray());
        });
    }

    [Fact]
    public async Task Health_of_a_running_process_is_live_and_ready()
    {
        Answer live = await app.Http.GetAsync("/health/live");
        Answer ready = await app.Http.GetAsync("/health/ready");

        Assert.Equal((200, """{"status":"live"}"""), (live.Status, live.Text));
        Assert.Equal((200, """{"status":"ready"}"""), (ready.Status, ready.Text));
    }

    [Fact]
    public async Task Home_page_names_the_product_and_links_to_what_there_is()
    {
        Answer page = await app.Http.GetAsync("/");

        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.Contains("Gongji", page.Text, StringComparison.Ordinal);
        foreach (string link in new[] { "/openapi/v1.json", "/health/live", "/health/ready" })
        {
            Assert.Contains($"href=\"{link}\"", page.Text, StringComparison.Ordinal);
            Assert.Equal(200, (await app.Http.GetAsync(link)).Status);
        }
    }

    [Fact]
    public async Task OpenApi_document_served_is_the_reviewed_copy()
    {
        string reviewed = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "openapi.v1.json"));

        Answer served = await app.Http.GetAsync("/openapi/v1.json");

        Assert.Equal(200, served.Status);
        Assert.True(
            reviewed.Trim().ReplaceLineEndings() == served.Text.Trim().ReplaceLineEndings(),
            "The served OpenAPI document differs from src/Api/openapi.v1.json. If the change is wanted: ./run openapi > src/Api/openapi.v1.json");
    }

    [Fact]
    public async Task OpenApi_document_describes_every_endpoint()
    {
        Answer served = await app.Http.GetAsync("/openapi/v1.json");
        string[] described = [.. served.Json["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Key.ToUpperInvariant()} {path.Key}"))];

        string[] mapped =
        [
            .. app.Services.GetServices<Microsoft.AspNetCore.Routing.EndpointDataSource>().SelectMany(source => source.Endpoints)
                .OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
                .SelectMany(endpoint => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()!.HttpMethods
                    .Select(method => $"{method} /{endpoint.RoutePattern.RawText!.Trim('/')}"))
                .Where(route => route is not ("GET /" or "GET /favicon.ico") && !route.StartsWith("HEAD ", StringComparison.Ordinal) && !route.Contains("/openapi/", StringComparison.Ordinal)),
        ];

        Assert.NotEmpty(mapped);
        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Drain_state_once_begun_stays()
    {
        DrainState state = new();
        Assert.False(state.IsDraining);

        state.Begin();

        Assert.True(state.IsDraining);
    }
}
