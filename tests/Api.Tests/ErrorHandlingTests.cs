using System.Diagnostics;
using System.Text.Json.Nodes;
using Gongji.Api.Http;
using Gongji.Api.Tests.Support;
using Gongji.Storage;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;

namespace Gongji.Api.Tests;

/// <summary>Errors that no endpoint answers itself: what the caller is told and what is logged.</summary>
public sealed class ErrorHandlingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bug_is_found_in_the_log_by_the_id_that_the_caller_was_told(bool isTraced)
    {
        using ErrorLog log = new();
        using Activity? activity = isTraced ? new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start() : null;

        JsonNode answer = await FailAsync(new InvalidOperationException("A bug."), log);

        Assert.Equal((500, "internal-error"), ((int)answer["status"]!, (string)answer["code"]!));
        string traceId = (string)answer["traceId"]!;
        Assert.Equal(isTraced ? activity!.TraceId.ToHexString() : "connection:1", traceId);
        Assert.Contains($"Request {traceId} failed", Assert.Single(log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Store_that_is_away_is_no_error_of_the_log()
    {
        using ErrorLog log = new();

        JsonNode answer = await FailAsync(new StoreUnavailableException("Away."), log);

        Assert.Equal((503, "ledger-unavailable"), ((int)answer["status"]!, (string)answer["code"]!));
        Assert.Empty(log.Errors);
    }

    /// <summary>Imitates what the server does to an upload that stalls while the process stops.</summary>
    [Fact]
    public async Task Upload_that_the_server_cuts_is_no_error_of_the_log()
    {
        using ErrorLog log = new();
        OperationCanceledException cut = new("The request was aborted", new ConnectionAbortedException("The application is shutting down."));

        await ErrorHandling.CatchAsync(new DefaultHttpContext(), _ => throw cut, log.CreateLogger("Test"));

        Assert.Empty(log.Errors);
    }

    private static async Task<JsonNode> FailAsync(Exception failure, ErrorLog log)
    {
        using MemoryStream body = new();
        DefaultHttpContext http = new() { TraceIdentifier = "connection:1" };
        http.Response.Body = body;
        await ErrorHandling.CatchAsync(http, _ => throw failure, log.CreateLogger("Test"));
        return JsonNode.Parse(body.ToArray())!;
    }
}
