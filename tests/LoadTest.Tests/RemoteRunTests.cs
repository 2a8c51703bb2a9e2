using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gongji.LoadTest.Tests;

/// <summary>A load on a server whose answers the test chooses.</summary>
public sealed class RemoteRunTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _calls = new();
    private WebApplication? _app;
    private Func<HttpContext, int> _status = _ => StatusCodes.Status201Created;

    public async Task InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(async http =>
        {
            _calls.Enqueue($"{http.Request.Method} {http.Request.Path}");
            http.Response.StatusCode = _status(http);
            await http.Response.WriteAsync(http.Response.StatusCode < StatusCodes.Status400BadRequest ? "{}" : "{\"code\":\"told-to\"}");
        });
        await _app.StartAsync();
    }

    public async Task DisposeAsync() => await _app!.DisposeAsync();

    [Fact]
    public async Task People_are_prepared_and_then_the_whole_day_is_played()
    {
        StringWriter output = new();

        Assert.True(await RunAsync(output));

        Assert.Equal(Population.Regions.Count, _calls.Count(call => call.StartsWith("PUT /v1/regions/", StringComparison.Ordinal)));
        Assert.Equal(4, _calls.Count(call => call.StartsWith("PUT /v1/persons/", StringComparison.Ordinal)));
        Assert.Equal(2, _calls.Count(call => call.EndsWith("/consent", StringComparison.Ordinal)));
        Assert.Equal(new PeakDay(200, 1).Total, _calls.Count(call => call is "POST /v1/transfers" or "POST /v1/payments"));
        Assert.Contains("peak-day", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("draw", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Movement_that_is_not_answered_is_asked_for_again_and_one_that_is_refused_is_told()
    {
        int asked = 0;
        _status = http => http.Request.Path == "/v1/transfers" && Interlocked.Increment(ref asked) == 1 ? StatusCodes.Status503ServiceUnavailable
            : http.Request.Path == "/v1/payments" ? StatusCodes.Status422UnprocessableEntity
            : StatusCodes.Status201Created;
        StringWriter output = new();

        Assert.False(await RunAsync(output));

        Assert.Contains("not done: draw: 422", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("not done: transfer", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Server_that_does_not_know_the_caller_is_not_loaded()
    {
        _status = _ => StatusCodes.Status401Unauthorized;

        BenchException refused = await Assert.ThrowsAsync<BenchException>(() => RunAsync(new StringWriter()));

        Assert.Contains("--key", refused.Message, StringComparison.Ordinal);
        Assert.Single(_calls);
    }

    private Task<bool> RunAsync(StringWriter output)
    {
        Uri server = new(_app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return new RemoteRun(new RemoteOptions(server, null, IsSteady: false, Seconds: 1, PerSecond: 200, Persons: 4, Connections: 8, null, null), output, TimeProvider.System)
            .RunAsync(CancellationToken.None);
    }
}
